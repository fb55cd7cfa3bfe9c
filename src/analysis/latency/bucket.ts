/**
 * A latency's percentiles and maximum are the upper edges of an HdrHistogram's buckets, by up to 0.1% above what was
 * measured: 100 ms reads as 100.031. The lower edge, in ms; the value itself where it is no such edge.
 */
export function lowerEdgeMs(upperEdgeMs: number): number {
  const micros = Math.round(upperEdgeMs * 1_000);
  const isWhole = Math.abs(upperEdgeMs * 1_000 - micros) < 1e-6;
  if (!isWhole || micros < 2_048) return upperEdgeMs;
  const width = 2 ** (Math.floor(Math.log2(micros)) - 10);
  return (micros + 1) % width === 0 ? (micros + 1 - width) / 1_000 : upperEdgeMs;
}

/** A value as it lies to a bound: on it where its bucket holds the bound, for then nobody knows more. */
export function besideBound(metric: string, value: number, bound: number): number {
  const isOfBucket = metric.endsWith('Ms') && !metric.endsWith('meanMs');
  return isOfBucket && value > bound && lowerEdgeMs(value) <= bound ? bound : value;
}
