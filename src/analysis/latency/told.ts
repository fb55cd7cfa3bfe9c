import type { Latency, Measurement } from '../../contracts/documents/metrics.ts';
import type { LadderRung } from '../../contracts/documents/result.ts';
import { type LatencyKind, latencyMetric } from '../../contracts/input/metric.ts';
import { hasEnough } from './enough.ts';

/** A latency with null for every percentile beyond which fewer than ten of its messages lie. */
export function toldLatency(latency: Latency): Latency {
  const isTold = (name: string) => {
    const percentile = latencyMetric(`latency.endToEnd.${name}`)?.percentile ?? null;
    return percentile === null || hasEnough(latency.count, percentile);
  };
  return Object.fromEntries(
    Object.entries(latency).map(([name, value]) => [name, isTold(name) ? value : null]),
  ) as Latency;
}

/** Latencies of every kind, as `toldLatency` has them. */
export function toldLatencies(latencies: Measurement['latency']): Measurement['latency'] {
  return Object.fromEntries(
    Object.entries(latencies).map(([kind, latency]) => [kind, toldLatency(latency)]),
  ) as Record<LatencyKind, Latency>;
}

/** What a measurement tells anybody: percentiles of one or two messages are for judging alone. */
export function toldMeasurement(measurement: Measurement | null): Measurement | null {
  return measurement && { ...measurement, latency: toldLatencies(measurement.latency) };
}

/** The same of the rungs of a ladder. */
export function toldLadder(ladder: readonly LadderRung[] | null): LadderRung[] | null {
  return ladder?.map((rung) => ({ ...rung, latency: rung.latency && toldLatencies(rung.latency) })) ?? null;
}
