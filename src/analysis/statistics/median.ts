/** The middle of some values, in any order; NaN for none. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? Number.NaN;
  const lower = sorted.length % 2 === 1 ? upper : (sorted[half - 1] ?? Number.NaN);
  return meanOf(lower, upper);
}

/** The mean of two, which may be infinite; those that are so on both sides cancel each other. */
export function meanOf(one: number, other: number): number {
  if (one === other) return one;
  return one === -other ? 0 : (one + other) / 2;
}
