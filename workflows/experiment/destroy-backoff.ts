/** Failed tries after which a person is asked for, while the tries go on. */
export const needsOperatorAfterFailures = 3;

/** Wait in ms before the next try to destroy: doubling from 1 s up to 5 minutes. */
export function destroyBackoffMs(failures: number): number {
  return Math.min(1_000 * 2 ** Math.max(0, failures - 1), 300_000);
}
