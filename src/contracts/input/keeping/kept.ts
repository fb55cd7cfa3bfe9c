/**
 * For how many minutes infrastructure may be kept in all, counted from when it was measured, however often that is extended.
 * Workflows load this, so there is no schema in it.
 */
export const mostKeptMinutes = 1_440;

/** Whether a target makes anything that could be kept: in a cluster of the user's there is but a topic. */
export function isProvisioned(target: string): boolean {
  return target !== 'existing';
}
