import { expect, test } from '@jest/globals';
import { latencyOf, mergeHistograms } from '../../../src/analysis/latency/histograms.ts';
import { toldLadder, toldLatency, toldMeasurement } from '../../../src/analysis/latency/told.ts';
import { measurement } from '../../support/documents.ts';
import { histogramOf } from '../../support/load-parts.ts';

const percentiles = ['p50Ms', 'p90Ms', 'p95Ms', 'p99Ms', 'p999Ms', 'p9999Ms'] as const;
const few = latencyOf(mergeHistograms([histogramOf(2, 5_000)]));

test.each([
  [0, []],
  [2, []],
  [19, []],
  [20, ['p50Ms']],
  [100, ['p50Ms', 'p90Ms']],
  [199, ['p50Ms', 'p90Ms']],
  [999, ['p50Ms', 'p90Ms', 'p95Ms']],
  [1_000, ['p50Ms', 'p90Ms', 'p95Ms', 'p99Ms']],
  [10_000, ['p50Ms', 'p90Ms', 'p95Ms', 'p99Ms', 'p999Ms']],
  [100_000, percentiles],
])('%d messages carry %j', (count, carried) => {
  const told = toldLatency(latencyOf(mergeHistograms([histogramOf(count, 5_000)])));
  expect(percentiles.filter((name) => told[name] !== null)).toEqual(carried);
});

test('the mean, the maximum and the histogram are told of any', () => {
  const { count, meanMs, maxMs, histogram } = few;
  expect(toldLatency(few)).toMatchObject({ count, meanMs, maxMs, histogram });
});

test('so it is of a measurement, and of the rungs of a ladder', () => {
  const latency = { publish: few, publishScheduled: few, endToEnd: few };
  expect(toldMeasurement(measurement({ latency }))?.latency.publish.p50Ms).toBeNull();
  const rung = {
    messagesPerSecond: 1,
    sustained: true,
    reason: 'sustained',
    limited: false,
    latency,
    throughput: null,
    steady: null,
    steadyReason: null,
  };
  const rungs = toldLadder([rung, { ...rung, latency: null }]);
  expect(rungs?.map((one) => one.latency?.endToEnd.p50Ms)).toEqual([null, undefined]);
  expect([toldMeasurement(null), toldLadder(null)]).toEqual([null, null]);
});
