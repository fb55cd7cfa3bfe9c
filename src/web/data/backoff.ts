const longestMs = 10_000;

/** A pause before the next try: the longer, the more have failed in a row. */
export function backoffMs(failures: number): number {
  return Math.min(longestMs, 500 * 2 ** Math.min(failures, 5));
}
