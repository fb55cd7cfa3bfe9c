import { failureCodes } from '../../contracts/documents/failure-codes.ts';
import type { Failure, Outcome, Phase } from '../../contracts/documents/progress.ts';
import { phaseSchema } from '../../contracts/documents/progress.ts';
import type { WorkflowView } from '../sources/temporal-gateway.ts';

/** Outcome that a workflow's own status gives, where nothing better is known; null while it is open. */
export function outcomeOf(workflow: WorkflowView): Outcome | null {
  if (workflow.status === 'running') return null;
  if (workflow.outcome) return workflow.outcome;
  if (workflow.status === 'completed') return 'completed';
  return workflow.status === 'cancelled' ? 'cancelled' : 'failed';
}

/** Phase by the search attribute, where the workflow itself does not answer. */
export function phaseOf(workflow: WorkflowView): Phase {
  if (workflow.status !== 'running') return 'closed';
  return phaseSchema.safeParse(workflow.phase).data ?? 'queued';
}

/** Why a workflow ended that had no say in it; null where it ended by itself. */
export function violentEnd(workflow: WorkflowView, during: Phase): Failure | null {
  const ends = {
    terminated: { code: failureCodes.workflowTerminated, how: 'was terminated' },
    'timed-out': { code: failureCodes.workflowTimedOut, how: 'ran into its time limit' },
  } as const;
  if (workflow.status !== 'terminated' && workflow.status !== 'timed-out') return null;
  const { code, how } = ends[workflow.status];
  return {
    code,
    phase: during,
    message: `Its workflow ${how} in Temporal, which runs no destroy: what it started may still be alive until the reaper finds it.`,
    diagnostics: [],
  };
}

/** For a record that was left open by a workflow that Temporal no longer knows. */
export function lostWorkflow(during: Phase): Failure {
  return {
    code: failureCodes.workflowLost,
    phase: during,
    message:
      'Temporal no longer knows its workflow, as after the loss of its database: what it started may still be alive until the reaper finds it.',
    diagnostics: [],
  };
}

/** What is said of one whose record cannot be read, by the key of that, and of which Temporal knows nothing either. */
export function unreadableRecord(key: string): Failure {
  return {
    code: failureCodes.internalError,
    phase: 'closed',
    message: `Its record ${key} cannot be read by this release: a later one has written it, or it was damaged. The results below its folder are untouched until it is deleted.`,
    diagnostics: [],
  };
}
