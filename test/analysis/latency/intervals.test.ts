import { expect, test } from '@jest/globals';
import { latencyOf, mergeHistograms } from '../../../src/analysis/latency/histograms.ts';
import { intervalLines, intervalsOf } from '../../../src/analysis/latency/intervals.ts';
import { latencyIntervalSchema } from '../../../src/contracts/documents/metrics.ts';
import { consumePart, histogram, histogramOf, producePart } from '../../support/load-parts.ts';

const first = { fromSecond: 0, untilSecond: 5 };
const second = { fromSecond: 5, untilSecond: 10 };

const parts = [
  producePart({
    intervals: [
      { ...second, publish: histogramOf(10, 2_000), publishScheduled: histogram(3_000) },
      { ...first, publish: histogramOf(99, 1_000), publishScheduled: histogram(1_000) },
    ],
  }),
  producePart({
    intervals: [{ ...first, publish: histogramOf(1, 9_000), publishScheduled: histogram(9_000) }],
  }),
  consumePart({ intervals: [{ ...first, endToEnd: histogram(4_000) }] }),
  consumePart({
    intervals: [
      { ...first, endToEnd: histogram(6_000) },
      { fromSecond: 10, untilSecond: 15, endToEnd: histogram(5_000) },
    ],
  }),
];

test('intervals are merged over load generators, in order; percentiles come from the whole', () => {
  const intervals = intervalsOf(parts);
  expect(intervals.map(({ fromSecond, untilSecond }) => [fromSecond, untilSecond])).toEqual([
    [0, 5],
    [5, 10],
    [10, 15],
  ]);
  const latencies = intervals.map(({ publish, endToEnd }) =>
    [publish, endToEnd].map((encoded) => {
      const { count, p50Ms, p99Ms, maxMs } = latencyOf(mergeHistograms([encoded]));
      return [count, p50Ms, p99Ms, maxMs && Math.round(maxMs)];
    }),
  );
  expect(latencies).toEqual([
    [
      [100, 1, 1, 9],
      [2, expect.closeTo(4, 1), expect.closeTo(6, 1), 6],
    ],
    [
      [10, 2, 2, 2],
      [0, null, null, null],
    ],
    [
      [0, null, null, null],
      [1, expect.closeTo(5, 1), expect.closeTo(5, 1), 5],
    ],
  ]);
});

test('a line each, and none of parts that kept none', () => {
  const lines = intervalLines(parts).trimEnd().split('\n');
  expect(lines.map((line) => latencyIntervalSchema.parse(JSON.parse(line)))).toEqual(intervalsOf(parts));
  expect(intervalLines([producePart({}), consumePart({})])).toBe('');
});
