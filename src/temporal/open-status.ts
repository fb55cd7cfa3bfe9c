const closed = new Set(['COMPLETED', 'FAILED', 'CANCELLED', 'TERMINATED', 'TIMED_OUT']);

/**
 * Whether a workflow of this status may still go on: one that is paused, goes on as new, or is what a newer server says,
 * does.
 * @param status as the SDK names it; undefined where Temporal knows no such workflow
 */
export function isOpenStatus(status: string | undefined): boolean {
  return status !== undefined && !closed.has(status);
}
