import * as hdr from 'hdr-histogram-js';
import type { EncodedHistogram } from '../../contracts/documents/load-parts.ts';
import type { Latency } from '../../contracts/documents/metrics.ts';

/** Merges encoded histograms of microseconds; percentiles are read from the whole, never averaged. */
export function mergeHistograms(encoded: readonly EncodedHistogram[]): hdr.Histogram {
  const merged = hdr.build({ bitBucketSize: 64, autoResize: true, numberOfSignificantValueDigits: 3 });
  for (const one of encoded) if (one !== null) merged.add(hdr.decodeFromCompressedBase64(one));
  return merged;
}

/** In ms, of a histogram of microseconds: the upper edge of its bucket, which the largest value itself may lie below. */
function percentileMs(histogram: hdr.Histogram, percent: number): number {
  return Math.min(histogram.getValueAtPercentile(percent), histogram.maxValue) / 1_000;
}

/** A percentile in ms of an encoded histogram that is not empty. */
export function percentileOfEncoded(encoded: string, percent: number): number {
  return percentileMs(hdr.decodeFromCompressedBase64(encoded), percent);
}

/** A latency in ms, with its histogram of microseconds. */
export function latencyOf(histogram: hdr.Histogram): Latency {
  const count = histogram.totalCount;
  const ms = (microseconds: number) => (count === 0 ? null : microseconds / 1_000);
  const percentile = (percent: number) => (count === 0 ? null : percentileMs(histogram, percent));
  return {
    count,
    meanMs: ms(histogram.mean),
    p50Ms: percentile(50),
    p90Ms: percentile(90),
    p95Ms: percentile(95),
    p99Ms: percentile(99),
    p999Ms: percentile(99.9),
    p9999Ms: percentile(99.99),
    maxMs: ms(histogram.maxValue),
    histogram: count === 0 ? null : hdr.encodeIntoCompressedBase64(histogram),
  };
}
