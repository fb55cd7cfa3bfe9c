import type { ExperimentDetail, ExperimentRecord, ExperimentSummary } from '../../contracts/documents/api.ts';
import { type ExperimentProgress, type Phase, phases } from '../../contracts/documents/progress.ts';
import type { ExperimentSpec } from '../../contracts/input/experiment.ts';
import { type TechnologyId, technologies } from '../../technologies/registry.ts';
import type { DescribedWorkflow, WorkflowView } from '../sources/temporal-gateway.ts';
import { lostWorkflow, outcomeOf, phaseOf, violentEnd } from '../work/closing.ts';
import { experimentLinks, type TemporalUi } from '../work/links.ts';

/** What the sources know of one experiment; at least one of `record` and `workflow` is there. */
export interface ExperimentSources {
  id: string;
  record: ExperimentRecord | null;
  /** null when Temporal does not know it, `'unreachable'` when Temporal could not be asked. */
  workflow: DescribedWorkflow | null | 'unreachable';
  /** The workflow's own answer, or null when it gave none. */
  progress: ExperimentProgress | null;
  /** Spec that the workflow was started with, for as long as there is no record. */
  spec: ExperimentSpec | null;
  /** Whether a result document of the latest run lies in storage. */
  hasResult: boolean;
}

/** One picture of an experiment from all sources: the workflow's own answer first, then its record, then Temporal's. */
export function assembleDetail(sources: ExperimentSources, ui: TemporalUi): ExperimentDetail {
  const { id, record, workflow } = sources;
  const state = currentState(sources);
  const base = record ?? unrecorded(id, sources);
  const detail: Omit<ExperimentDetail, 'links'> = {
    id,
    runId: workflow && workflow !== 'unreachable' ? workflow.runId : (record?.runId ?? ''),
    name: base.name,
    technology: base.technology,
    target: base.target,
    emulated: base.emulated,
    comparisonId: base.comparisonId,
    submittedAt: base.submittedAt,
    spec: record?.spec ?? sources.spec,
    ...state,
    progress: workflow && workflow !== 'unreachable' && state.phase !== 'closed' ? workflow.live : null,
  };
  const has = {
    hasResult: sources.hasResult,
    hasTimeseries: sources.hasResult && state.timeline.some(({ phase }) => phase === 'draining'),
    hasLog: state.timeline.length > 1,
    comparisonId: base.comparisonId,
  };
  return { ...detail, links: experimentLinks(id, has, ui) };
}

function currentState({ record, workflow, progress }: ExperimentSources): ExperimentProgress {
  if (workflow === 'unreachable') return stateOf(record);
  if (workflow === null) {
    const last = stateOf(record);
    return last.phase === 'closed'
      ? last
      : { ...closedBy(last, lostWorkflow(last.phase), null), outcome: 'failed' };
  }
  const recorded = record?.runId === workflow.runId ? stateOf(record) : null;
  if (recorded?.phase === 'closed') return recorded;
  const last = progress ?? {
    ...(recorded ?? stateOf(null)),
    phase: phaseOf(workflow),
    outcome: outcomeOf(workflow),
  };
  if (workflow.status === 'running') return last;
  const ended = violentEnd(workflow, last.phase);
  return {
    ...closedBy(last, ended ?? last.failure, workflow.closedAt),
    outcome: ended ? 'failed' : (last.outcome ?? outcomeOf(workflow)),
  };
}

/** The state once the workflow no longer runs, whatever it was doing. */
function closedBy(
  last: ExperimentProgress,
  failure: ExperimentProgress['failure'],
  closedAt: Date | null,
): ExperimentProgress {
  return {
    ...last,
    phase: 'closed',
    queuePosition: null,
    endedAt: last.endedAt ?? closedAt?.toISOString() ?? null,
    failure,
  };
}

const nothingKnown: ExperimentProgress = {
  phase: 'queued',
  outcome: null,
  queuePosition: null,
  startedAt: null,
  endedAt: null,
  cancelRequestedAt: null,
  timeline: [],
  restarts: 0,
  probes: [],
  failure: null,
  operator: null,
};

function stateOf(record: ExperimentRecord | null): ExperimentProgress {
  if (!record) return nothingKnown;
  const { phase, outcome, queuePosition, startedAt, endedAt, cancelRequestedAt, timeline } = record;
  const { restarts, probes, failure, operator } = record;
  return {
    phase,
    outcome,
    queuePosition,
    startedAt,
    endedAt,
    cancelRequestedAt,
    timeline,
    restarts,
    probes,
    failure,
    operator,
  };
}

function unrecorded(id: string, { workflow, spec }: ExperimentSources): ExperimentSummary {
  if (!workflow || workflow === 'unreachable') throw new Error(`nothing is known of experiment ${id}`);
  const summary = summaryOfOpen(workflow);
  if (!spec) return summary;
  const { name, technology, target } = spec;
  return { ...summary, name, technology, target, emulated: isEmulated(technology, target) };
}

/** An experiment in a list that only Temporal knows so far. */
export function summaryOfOpen(workflow: WorkflowView): ExperimentSummary {
  const technology = workflow.technology ?? 'unknown';
  const target = workflow.target ?? 'unknown';
  return {
    id: workflow.id,
    name: workflow.name ?? workflow.id,
    technology,
    target,
    emulated: isEmulated(technology, target),
    comparisonId: workflow.parentId,
    phase: phaseOf(workflow),
    outcome: outcomeOf(workflow),
    submittedAt: workflow.startedAt.toISOString(),
    startedAt: null,
    endedAt: workflow.closedAt?.toISOString() ?? null,
  };
}

function isEmulated(technology: string, target: string): boolean {
  const card = technologies[technology as TechnologyId];
  return card?.targets[target as 'local']?.emulated ?? false;
}

/** Whether a result may lie in storage although the record does not say so yet. */
export function mayHaveResult(phase: Phase): boolean {
  return phases.indexOf(phase) > phases.indexOf('uploading');
}
