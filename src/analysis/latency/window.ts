import type { Latency, LatencyInterval } from '../../contracts/documents/metrics.ts';
import { type LatencyKind, latencyKinds } from '../../contracts/input/metric.ts';
import { latencyOf, mergeHistograms } from './histograms.ts';
import { toldLatency } from './told.ts';

/** The intervals of a run, as NDJSON has them, in order. */
export function intervalsOfLines(lines: string): LatencyInterval[] {
  return lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as LatencyInterval);
}

/**
 * The latencies of a part of a run: of the intervals that lie within it whole. Percentiles are of their histograms
 * together, and null where they carry none.
 * @param fromSecond of the schedule, as `untilSecond` is
 */
export function latenciesWithin(
  intervals: readonly LatencyInterval[],
  fromSecond: number,
  untilSecond: number,
): Record<LatencyKind, Latency> {
  const within = intervals.filter((one) => one.fromSecond >= fromSecond && one.untilSecond <= untilSecond);
  const kinds = Object.keys(latencyKinds) as LatencyKind[];
  return Object.fromEntries(
    kinds.map((kind) => [kind, toldLatency(latencyOf(mergeHistograms(within.map((one) => one[kind]))))]),
  ) as Record<LatencyKind, Latency>;
}
