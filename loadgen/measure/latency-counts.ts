import { build, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';
import type { EncodedHistogram } from '../../src/contracts/documents/load-parts.ts';

/**
 * Counts of latencies in the buckets of an HdrHistogram of three significant digits, from 0 µs to 2^31 − 1 µs (35
 * minutes; longer ones count as that). The same buckets as the library's, in a plain array: recording is a handful of
 * machine instructions, merging an addition, and it travels between threads as it is.
 *
 * Values below 2,048 have a bucket each; above, each doubling is divided into 1,024.
 */
export type LatencyCounts = Uint32Array;

const maxMicros = 2 ** 31 - 1;
const buckets = bucketOf(maxMicros) + 1;

export function emptyCounts(): LatencyCounts {
  return new Uint32Array(buckets);
}

function bucketOf(micros: number): number {
  const shift = micros < 2_048 ? 0 : 21 - Math.clz32(micros);
  return shift * 1_024 + (micros >>> shift);
}

/** The least value of a bucket. */
function leastOf(bucket: number): number {
  if (bucket < 2_048) return bucket;
  const shift = (bucket >>> 10) - 1;
  return (bucket - shift * 1_024) * 2 ** shift;
}

/** The greatest value of a bucket, which is what an HdrHistogram reports. */
function highestOf(bucket: number): number {
  return bucket < 2_048 ? bucket : leastOf(bucket) + 2 ** ((bucket >>> 10) - 1) - 1;
}

/** Counts a latency; what rounding made negative counts as 0. */
export function record(counts: LatencyCounts, micros: number): void {
  const whole = micros > maxMicros ? maxMicros : micros < 0 ? 0 : micros | 0;
  const bucket = bucketOf(whole);
  counts[bucket] = (counts[bucket] ?? 0) + 1;
}

/** Adds the counts of `other`. */
export function addCounts(counts: LatencyCounts, other: LatencyCounts): void {
  for (let bucket = 0; bucket < other.length; bucket++) {
    const count = other[bucket];
    if (count) counts[bucket] = (counts[bucket] ?? 0) + count;
  }
}

export function totalCount(counts: LatencyCounts): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}

/** The value in milliseconds that this percentage of all does not exceed, or null when nothing was counted. */
export function percentileMs(counts: LatencyCounts, percentile: number): number | null {
  const total = totalCount(counts);
  if (total === 0) return null;
  const wanted = Math.max(1, Math.ceil((percentile / 100) * total));
  let seen = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    seen += counts[bucket] ?? 0;
    if (seen >= wanted) return highestOf(bucket) / 1_000;
  }
  return null;
}

/** HdrHistogram V2, compressed, base64; null when nothing was counted. */
export function encodeCounts(counts: LatencyCounts): EncodedHistogram {
  let histogram: Histogram | null = null;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    const count = counts[bucket];
    if (!count) continue;
    histogram ??= build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: maxMicros,
      numberOfSignificantValueDigits: 3,
    });
    histogram.recordValueWithCount(leastOf(bucket), count);
  }
  return histogram && encodeIntoCompressedBase64(histogram);
}
