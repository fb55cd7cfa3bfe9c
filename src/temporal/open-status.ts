import { workflowTypes } from '../contracts/temporal/names.ts';

const closed = new Set(['COMPLETED', 'FAILED', 'CANCELLED', 'TERMINATED', 'TIMED_OUT']);

/**
 * Whether a workflow of this status may still go on: one that is paused, goes on as new, or is what a newer server says,
 * does.
 * @param status as the SDK names it; undefined where Temporal knows no such workflow
 */
export function isOpenStatus(status: string | undefined): boolean {
  return status !== undefined && !closed.has(status);
}

/**
 * Whether the latest workflow of an id is an experiment that may still go on. One of another type, to which somebody gave
 * the id of an experiment, goes on with nothing of that one's.
 * @param description undefined where Temporal knows no such workflow
 */
export function isOpenExperiment(
  description: { type: string; status: { name: string } } | undefined,
): boolean {
  if (description?.type !== workflowTypes.experiment) return false;
  return isOpenStatus(description.status.name);
}
