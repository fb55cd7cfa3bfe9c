import { expect, test } from '@jest/globals';
import { toldMeasurement } from '../../../src/analysis/latency/told.ts';
import { measurementOf } from '../../../src/analysis/measurement.ts';
import { differencesOf } from '../../../src/analysis/repetitions/differences.ts';
import { measurementOfRuns } from '../../../src/analysis/repetitions/measurement-of-runs.ts';
import { singleColumn } from '../../../src/analysis/report/columns.ts';
import type { Measurement } from '../../../src/contracts/documents/metrics.ts';
import {
  experimentRecord,
  experimentSpec,
  latency,
  measurement,
  result as resultOf,
} from '../../support/documents.ts';
import { consumePart, histogram, producePart } from '../../support/load-parts.ts';

/** A run whose messages all took as many ms. */
function measured(ms: number): Measurement {
  const endToEnd = histogram(...Array<number>(1_000).fill(ms * 1_000));
  const parts = [
    producePart({ scheduled: 1_000, acknowledged: 1_000 }),
    consumePart({ received: 1_000, endToEnd }),
  ];
  return measurementOf(parts, experimentSpec().workload, null) as Measurement;
}

test('counts add up, latencies are the median of the runs, the maximum is the highest, the histogram has all', () => {
  const merged = measurementOfRuns([measured(10), measured(30), measured(20)]);
  expect(merged?.messages).toMatchObject({ scheduled: 3_000, acknowledged: 3_000, received: 3_000 });
  expect(merged?.latency.endToEnd.p99Ms).toBeCloseTo(20, 0);
  expect(merged?.latency.endToEnd.maxMs).toBeCloseTo(30, 0);
  expect(merged?.latency.endToEnd.count).toBe(3_000);
  expect(merged?.durationSeconds).toBe(10);
});

test('runs that carry no p99.9 each carry none together', () => {
  const merged = measurementOfRuns(Array.from({ length: 12 }, () => measured(10)));
  expect(merged?.latency.endToEnd.count).toBe(12_000);
  expect(merged?.latency.endToEnd.p99Ms).toBeCloseTo(10, 0);
  expect(merged?.latency.endToEnd.p999Ms).toBeNull();
});

test('a percentile of a stored result for which its messages are too few is in no column', () => {
  const endToEnd = latency({ count: 2, p50Ms: 3, p99Ms: 9, p999Ms: 9 });
  const result = resultOf({ measurement: measurement({ latency: { ...measurement().latency, endToEnd } }) });
  const column = singleColumn({ experiment: experimentRecord(), result, failure: null }, 'a');
  expect(column.measurement?.latency.endToEnd).toMatchObject({ count: 2, p50Ms: null, p99Ms: null });
});

test('one run is itself, none is none', () => {
  const one = measured(10);
  expect(measurementOfRuns([one])).toEqual(toldMeasurement(one));
  expect(measurementOfRuns([])).toBeNull();
});

test('variants are compared each with each, in the repetitions that both measured', () => {
  const runs = (...all: number[]) =>
    all.map((ms, index) => ({ repetition: index + 1, measurement: measured(ms) }));
  const variants = [runs(10, 11, 12, 10, 11), runs(20, 21, 22, 20), runs(10, 12, 11, 11, 10)];
  const metric = 'latency.endToEnd.p99Ms';
  const differences = differencesOf(variants, [metric]);
  expect(differences.map(({ baseline, contender, blocks }) => [baseline, contender, blocks])).toEqual([
    [0, 1, 4],
    [0, 2, 5],
    [1, 2, 4],
  ]);
  expect(differences[0]?.ratio?.estimate).toBeCloseTo(1.9, 0);
  expect(differences[1]?.finding).toBe('none');
});
