import { type Latency, type Measurement, metricValue } from '../../contracts/documents/metrics.ts';
import { type LatencyMetric, latencyMetric } from '../../contracts/input/metric.ts';
import { percentileOfEncoded } from '../latency/histograms.ts';
import { latencyOfAll } from '../latency/latency-of-all.ts';
import { messagesDue } from '../verdicts.ts';

/**
 * What runs are compared by: the value at a metric's path, where a latency is one of all messages that were due, as in
 * verdicts. A product that drops the slow ones is not faster for it.
 * @returns infinite where it is that of a message which never came; null where it was not measured
 */
export function comparableValue(measurement: Measurement | null, path: string): number | null {
  const metric = latencyMetric(path);
  if (!measurement || !metric) return metricValue(measurement, path);
  const { kind, number, percentile } = metric;
  const messages = messagesDue(measurement, kind);
  const all = latencyOfAll(measurement.latency[kind], { number, percentile, messages });
  if (all === 'endless') return Number.POSITIVE_INFINITY;
  return all === 'too-few' ? ofThoseThatCame(measurement.latency[kind], metric) : all;
}

/** A percentile of few messages is as noisy as it is: that is what runs are repeated and compared for. */
function ofThoseThatCame(latency: Latency, { number, percentile }: LatencyMetric): number | null {
  if (latency[number] !== null || percentile === null || latency.histogram === null) return latency[number];
  return percentileOfEncoded(latency.histogram, percentile);
}

/**
 * What runs of a report are compared by, where JSON has no number for a message which never came: a latency of nothing in a run
 * that measured something else.
 * @param measured by path below `measurement`
 */
export function comparableInReport(
  measured: Readonly<Record<string, number | null>>,
  path: string,
): number | null {
  const value = measured[path];
  if (value !== null) return value ?? null;
  const isEndless = latencyMetric(path) !== null && Object.values(measured).some((one) => one !== null);
  return isEndless ? Number.POSITIVE_INFINITY : null;
}
