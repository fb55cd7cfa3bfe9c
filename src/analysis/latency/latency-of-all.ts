import * as hdr from 'hdr-histogram-js';
import type { Latency } from '../../contracts/documents/metrics.ts';
import type { LatencyNumber } from '../../contracts/input/metric.ts';

/** Samples beyond a percentile without which it is the latency of one or two messages. */
export const leastBeyond = 10;

/**
 * A latency of all messages that were due, where those that were never confirmed, or never arrived, are later than any
 * that were.
 * @param percentile from 0 to 100; null for the mean and the maximum
 * @param messages that were due; those that the latency does not count are the missing ones
 * @returns ms; `endless` when it is that of a missing message; `too-few` when fewer than ten lie beyond the percentile
 */
export function latencyOfAll(
  latency: Latency,
  {
    number,
    percentile,
    messages,
  }: { number: Exclude<LatencyNumber, 'count'>; percentile: number | null; messages: number },
): number | 'endless' | 'too-few' {
  const { count, histogram } = latency;
  const missing = Math.max(0, messages - count);
  const counted = latency[number];
  if (percentile === null) return missing > 0 || counted === null ? 'endless' : counted;
  const rank = Math.ceil(messages - beyond(messages, percentile));
  const isEnough = hasEnough(messages, percentile);
  if (!isEnough && missing < leastBeyond) return 'too-few';
  if (rank > count || counted === null) return 'endless';
  if (!isEnough) return 'too-few';
  if (missing === 0 || histogram === null) return counted;
  const decoded = hdr.decodeFromCompressedBase64(histogram);
  return Math.min(decoded.getValueAtPercentile((100 * rank) / count), decoded.maxValue) / 1_000;
}

/** Whether so many messages carry a percentile, from 0 to 100. */
export function hasEnough(messages: number, percentile: number): boolean {
  return beyond(messages, percentile) >= leastBeyond;
}

/** How many messages lie beyond a percentile; rounded, for 1 - 0.999 is a little more than a thousandth. */
function beyond(messages: number, percentile: number): number {
  return Math.round(messages * (1 - percentile / 100) * 1e6) / 1e6;
}

/** `p99.9`, `the mean`, `the maximum`. */
export function numberInWords(number: string): string {
  if (number === 'meanMs') return 'the mean';
  if (number === 'maxMs') return 'the maximum';
  return number.replace('Ms', '').replace(/^p(99)(9+)$/, 'p$1.$2');
}
