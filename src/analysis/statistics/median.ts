/** The middle of some values, in any order; NaN for none. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? Number.NaN;
  const lower = sorted.length % 2 === 1 ? upper : (sorted[half - 1] ?? Number.NaN);
  // Two that are infinite have a middle too.
  return lower === upper ? upper : (lower + upper) / 2;
}
