import * as hdr from 'hdr-histogram-js';
import type { Latency, Measurement } from '../../contracts/documents/metrics.ts';
import { mergeHistograms } from '../latency/histograms.ts';
import { toldMeasurement } from '../latency/told.ts';
import { medianOfRuns } from '../statistics/run-median.ts';

/**
 * Several measurements of one variant as one, to be shown: counts are sums, so that they add up; the histogram is of all
 * messages, and the maximum the highest; everything else is the median of the runs.
 * @returns null for none
 */
export function measurementOfRuns(runs: readonly Measurement[]): Measurement | null {
  // Of each run by itself: their messages together carry percentiles that no run has.
  const measurements = runs.flatMap((run) => toldMeasurement(run) ?? []);
  const [first] = measurements;
  if (!first || measurements.length === 1) return first ?? null;
  const merged = combined(measurements, (values) => medianOfRuns(values)?.median ?? 0) as Measurement;
  return {
    ...merged,
    ...steadyOfRuns(measurements),
    messages: combined(
      measurements.map(({ messages }) => messages),
      sumOf,
    ) as Measurement['messages'],
    latency: {
      publish: latencyOfRuns(measurements, merged, 'publish'),
      publishScheduled: latencyOfRuns(measurements, merged, 'publishScheduled'),
      endToEnd: latencyOfRuns(measurements, merged, 'endToEnd'),
    },
  };
}

/** Steady as most of the runs were that can be told of: a median does not follow the few. */
function steadyOfRuns(measurements: readonly Measurement[]): Pick<Measurement, 'steady' | 'steadyReason'> {
  const told = measurements.filter(({ steady }) => steady !== null);
  const moving = told.filter(({ steady }) => !steady);
  if (told.length === 0) return { steady: null, steadyReason: null };
  const steady = moving.length * 2 < told.length;
  return { steady, steadyReason: steady ? null : (moving[0]?.steadyReason ?? null) };
}

function latencyOfRuns(
  measurements: readonly Measurement[],
  merged: Measurement,
  kind: keyof Measurement['latency'],
): Latency {
  const all = measurements.map(({ latency }) => latency[kind]);
  const histogram = mergeHistograms(all.map((one) => one.histogram));
  const maxima = all.flatMap(({ maxMs }) => maxMs ?? []);
  return {
    ...merged.latency[kind],
    count: sumOf(all.map(({ count }) => count)),
    maxMs: maxima.length > 0 ? Math.max(...maxima) : null,
    histogram: histogram.totalCount > 0 ? hdr.encodeIntoCompressedBase64(histogram) : null,
  };
}

/** Each number of a document from those in its place in all of them; null where none has one. */
function combined(documents: readonly unknown[], of: (values: number[]) => number): unknown {
  const sample = documents.find((document) => document !== null && document !== undefined);
  if (typeof sample === 'number') return of(documents.filter((value) => typeof value === 'number'));
  if (Array.isArray(sample))
    return sample.map((_, index) =>
      combined(
        documents.map((one) => (one as unknown[] | null)?.[index]),
        of,
      ),
    );
  if (typeof sample !== 'object' || sample === null) return sample ?? null;
  return Object.fromEntries(
    Object.keys(sample).map((key) => [
      key,
      combined(
        documents.map((document) => (document as Record<string, unknown> | null)?.[key]),
        of,
      ),
    ]),
  );
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
