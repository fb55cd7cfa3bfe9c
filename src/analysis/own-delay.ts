import type { LoadPart } from '../contracts/documents/load-parts.ts';
import { latencyMetric } from '../contracts/input/metric.ts';
import { latencyOf, mergeHistograms } from './latency/histograms.ts';
import { numberInWords } from './latency/latency-of-all.ts';
import { explainsMiss, spoilingFrom } from './lateness.ts';
import { formatMs } from './report/format.ts';

/**
 * What of a latency of so many ms, which missed a bound, the load generator itself added, in words; null where that is
 * little.
 */
export type OwnDelay = (metric: string, measuredMs: number, atMostMs: number) => string | null;

/**
 * Whether the load generator is to blame for a latency, by that latency itself: one that is late with one message in 200
 * spoils no p99, and the p99.9 wholly.
 *
 * - What it sent late by itself is in the latencies that count from the intended time, at the same percentile. Where
 *   the bound would be kept without it, less of it is enough.
 * - A producer whose event loop was late saw confirmations late, and a consumer arrivals. Only the p99 of that is known,
 *   which says nothing of what most messages took.
 */
export function ownDelayOf(parts: readonly LoadPart[]): OwnDelay {
  const produced = parts.filter((part) => part.kind === 'produce');
  const ownLateness = latencyOf(mergeHistograms(produced.map((part) => part.ownLateness)));
  return (metric, measuredMs, atMostMs) => {
    const latency = latencyMetric(metric);
    if (!latency) return null;
    const { kind, number, percentile } = latency;
    const least = spoilingFrom(measuredMs);
    const lateMs = kind === 'publish' ? null : ownLateness[number];
    if (lateMs !== null && (lateMs >= least || explainsMiss(lateMs, measuredMs, atMostMs))) {
      return `the load generator itself sent ${formatMs(lateMs)} ms late (${numberInWords(number)})`;
    }
    if (number !== 'maxMs' && (percentile ?? 0) < 99) return null;
    const seen = kind === 'endToEnd' ? parts : produced;
    const late = seen
      .flatMap(({ threads }) => threads)
      .find(({ name, eventLoopDelayP99Ms }) => name !== 'process' && (eventLoopDelayP99Ms ?? 0) >= least);
    return late
      ? `the event loop of ${late.name} was ${formatMs(late.eventLoopDelayP99Ms)} ms late (p99)`
      : null;
  };
}
