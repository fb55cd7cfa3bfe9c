import type { ExperimentRecord } from '../../src/contracts/documents/api.ts';
import type { ExperimentProgress } from '../../src/contracts/documents/progress.ts';
import { type AcceptedState, phaseOf, type State } from './state.ts';

/** The answer to the `progress` query. */
export function progressOf(state: State): ExperimentProgress {
  const phase = phaseOf(state);
  return {
    phase,
    outcome: state.outcome,
    // The run queue knows it, and is asked for it.
    queuePosition: null,
    startedAt: state.startedAt,
    endedAt: phase === 'closed' ? (state.timeline.at(-1)?.endedAt ?? null) : null,
    cancelRequestedAt: state.stop ? new Date(state.stop.atEpochMs).toISOString() : null,
    cancelRequestedBy: state.stop?.by ?? null,
    timeline: state.timeline,
    restarts: state.restarts,
    probes: state.probes,
    failure: state.failure,
    operator: state.operator,
    keptUntil: state.kept ? new Date(state.kept.untilEpochMs).toISOString() : null,
    resultKey: state.uploaded?.resultKey ?? null,
  };
}

/** The experiment as last known, for the results bucket. */
export function recordOf(state: AcceptedState): Omit<ExperimentRecord, 'runId'> {
  const { spec } = state.ref;
  return {
    ...progressOf(state),
    id: state.id,
    name: spec.name,
    technology: spec.technology,
    target: spec.target,
    emulated: state.emulated,
    comparisonId: state.comparisonId,
    submittedAt: state.submittedAt,
    submittedBy: state.submittedBy,
    spec,
    hasResult: state.uploaded !== null,
  };
}
