import type { EncodedHistogram, LoadPart } from '../../contracts/documents/load-parts.ts';
import type { LatencyInterval } from '../../contracts/documents/metrics.ts';
import { latencyKinds } from '../../contracts/input/metric.ts';
import { latencyOf, mergeHistograms } from './histograms.ts';

const kinds = Object.keys(latencyKinds) as (keyof typeof latencyKinds)[];

/** The latencies of each interval, over all load generators, in order. */
export function intervalsOf(parts: readonly LoadPart[]): LatencyInterval[] {
  const intervals = parts.flatMap((part): (Partial<LatencyInterval> & Bounds)[] => part.intervals ?? []);
  const together = Map.groupBy(intervals, ({ untilSecond }) => untilSecond);
  return [...together]
    .sort(([a], [b]) => a - b)
    .map(([untilSecond, same]) => ({
      fromSecond: Math.min(...same.map(({ fromSecond }) => fromSecond)),
      untilSecond,
      ...(Object.fromEntries(
        kinds.map((kind) => [kind, merged(same.map((interval) => interval[kind] ?? null))]),
      ) as Pick<LatencyInterval, (typeof kinds)[number]>),
    }));
}

type Bounds = Pick<LatencyInterval, 'fromSecond' | 'untilSecond'>;

function merged(encoded: readonly EncodedHistogram[]): EncodedHistogram {
  return latencyOf(mergeHistograms(encoded)).histogram;
}

/** The intervals as NDJSON. */
export function intervalLines(parts: readonly LoadPart[]): string {
  return intervalsOf(parts)
    .map((interval) => `${JSON.stringify(interval)}\n`)
    .join('');
}
