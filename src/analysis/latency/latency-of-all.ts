import type { Latency } from '../../contracts/documents/metrics.ts';
import type { LatencyNumber } from '../../contracts/input/metric.ts';
import { beyond, hasEnough, leastBeyond } from './enough.ts';
import { percentileOfEncoded } from './histograms.ts';

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
  if (rank > count || count === 0) return 'endless';
  if (!isEnough) return 'too-few';
  if (counted !== null && (missing === 0 || histogram === null)) return counted;
  // A document leaves out a percentile for which those that came are too few, and those that were due may be enough.
  if (histogram === null) return 'too-few';
  return percentileOfEncoded(histogram, (100 * rank) / count);
}

/** `p99.9`, `the mean`, `the maximum`. */
export function numberInWords(number: string): string {
  if (number === 'meanMs') return 'the mean';
  if (number === 'maxMs') return 'the maximum';
  return number.replace('Ms', '').replace(/^p(99)(9+)$/, 'p$1.$2');
}
