import type { ExperimentDetail, ExperimentRecord, ExperimentSummary } from '../../contracts/documents/api.ts';
import { phases } from '../../contracts/documents/phases.ts';
import {
  type ExperimentProgress,
  experimentProgressSchema,
  type Phase,
  unknownExperimentProgress,
} from '../../contracts/documents/progress.ts';
import type { ExperimentSpec } from '../../contracts/input/experiment.ts';
import { runOfResult } from '../../contracts/storage/s3-keys.ts';
import { isEmulated } from '../../technologies/registry.ts';
import { lostWorkflow, outcomeOf, phaseOf, unreadableRecord, violentEnd } from '../common/closing.ts';
import { experimentLinks, type TemporalUi } from '../common/links.ts';
import type { Sighting } from '../sources/sighting.ts';
import type { WorkflowView } from '../sources/temporal-gateway.ts';
import { waitingOf, waitsForPerson, waitsOfPending } from '../sources/waits.ts';

/** What the sources know of one experiment; it has a record, if one that cannot be read, or its workflow was seen. */
export interface ExperimentSources {
  id: string;
  record: ExperimentRecord | null;
  /** Key of a record that cannot be read; null where there is none such. */
  unreadable: string | null;
  sighting: Sighting;
  /** The workflow's own answer, or null when it gave none. */
  progress: ExperimentProgress | null;
  /** Spec that the workflow was started with, for as long as there is no record. */
  spec: ExperimentSpec | null;
  /** Who has started it, for as long as there is no record. */
  submittedBy: string | null;
  /** Whether a result document of the latest run lies in storage. */
  hasResult: boolean;
}

/** One picture of an experiment from all sources: the workflow's own answer first, then its record, then Temporal's. */
export function assembleDetail(sources: ExperimentSources, ui: TemporalUi, now: Date): ExperimentDetail {
  const { id, record, sighting } = sources;
  const workflow = sighting.kind === 'seen' ? sighting.workflow : null;
  const state = currentState(sources);
  const open = state.phase === 'closed' ? null : workflow;
  const base = record ?? unrecorded(sources, now);
  const detail: Omit<ExperimentDetail, 'links'> = {
    id,
    runId: workflow?.runId ?? record?.runId ?? '',
    name: base.name,
    technology: base.technology,
    target: base.target,
    emulated: base.emulated,
    comparisonId: base.comparisonId,
    submittedAt: base.submittedAt,
    submittedBy: record?.submittedBy ?? sources.submittedBy,
    spec: record?.spec ?? sources.spec,
    ...state,
    progress: open?.live ?? null,
    terraform: open?.terraform ?? null,
    // Also where all is done but to write that down: a workflow waits until it has ended.
    ...waitingOf(
      workflow?.status === 'running'
        ? [...waitsOfPending(workflow.pending, now), ...waitsForPerson(state, now)]
        : [],
    ),
  };
  const has = {
    hasResult: sources.hasResult,
    hasTimeseries: sources.hasResult && state.timeline.some(({ phase }) => phase === 'draining'),
    hasLog: state.timeline.length > 1,
    comparisonId: base.comparisonId,
  };
  return { ...detail, links: experimentLinks(id, has, ui) };
}

function currentState({ record, unreadable, sighting, progress }: ExperimentSources): ExperimentProgress {
  switch (sighting.kind) {
    case 'unreachable':
      return stateOf(record);
    case 'absent': {
      const last = stateOf(record);
      return last.phase === 'closed'
        ? last
        : {
            ...closedBy(last, unreadable ? unreadableRecord(unreadable) : lostWorkflow(last.phase), null),
            outcome: 'failed',
          };
    }
    case 'seen':
      return stateByWorkflow(sighting.workflow, record, progress);
  }
}

function stateByWorkflow(
  workflow: WorkflowView,
  record: ExperimentRecord | null,
  progress: ExperimentProgress | null,
): ExperimentProgress {
  const recorded = record?.runId === workflow.runId ? stateOf(record) : null;
  if (recorded?.phase === 'closed') return recorded;
  const last = progress ?? {
    ...(recorded ?? unknownExperimentProgress),
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

function stateOf(record: ExperimentRecord | null): ExperimentProgress {
  return record ? experimentProgressSchema.parse(record) : unknownExperimentProgress;
}

function unrecorded({ id, sighting, spec }: ExperimentSources, now: Date): ExperimentSummary {
  if (sighting.kind !== 'seen') return onlyIdOf(id, now);
  const summary = summaryOfOpen(sighting.workflow);
  if (!spec) return summary;
  const { name, technology, target } = spec;
  return { ...summary, name, technology, target, emulated: isEmulated(technology, target) };
}

/** An experiment of which nobody can say more than that it was there. */
function onlyIdOf(id: string, now: Date): ExperimentSummary {
  return {
    id,
    name: id,
    technology: 'unknown',
    target: 'unknown',
    emulated: false,
    comparisonId: null,
    phase: 'closed',
    outcome: null,
    submittedAt: now.toISOString(),
    startedAt: null,
    endedAt: null,
  };
}

/** An experiment that only Temporal knows so far. */
function summaryOfOpen(workflow: WorkflowView): ExperimentSummary {
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

/** The run whose result, series and log are the experiment's: the workflow says it; 0.1.0 knew only the latest. */
export function runOfDocuments({ runId, resultKey }: Pick<ExperimentDetail, 'runId' | 'resultKey'>): string {
  return (resultKey && runOfResult(resultKey)) || runId;
}

/** An open experiment in a list: what was known of it, and its phase by its workflow. */
export function summaryByWorkflow(
  workflow: WorkflowView,
  known: ExperimentSummary | undefined,
): ExperimentSummary {
  return known
    ? { ...known, phase: phaseOf(workflow), outcome: null, endedAt: null }
    : summaryOfOpen(workflow);
}

/** Whether a result may lie in storage although the record does not say so yet. */
export function mayHaveResult(phase: Phase): boolean {
  return phases.indexOf(phase) > phases.indexOf('uploading');
}
