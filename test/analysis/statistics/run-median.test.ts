import { expect, test } from '@jest/globals';
import { medianOfRuns } from '../../../src/analysis/statistics/run-median.ts';
import { seededRandom } from '../../../src/contracts/input/grid/random.ts';

test.each([
  [[3], { median: 3, low: 3, high: 3, missed: 1 }],
  [[1, 3], { median: 2, low: 1, high: 3, missed: 0.5 }],
  [[5, 1, 4, 2, 3], { median: 3, low: 1, high: 5, missed: 1 / 16 }],
  [[8, 7, 6, 5, 4, 3, 2, 1], { median: 4.5, low: 1, high: 8, missed: 2 / 256 }],
  [Array.from({ length: 9 }, (_, index) => index), { median: 4, low: 1, high: 7, missed: 20 / 512 }],
  [[1, Number.POSITIVE_INFINITY, 2], { median: 2, low: 1, high: Number.POSITIVE_INFINITY, missed: 0.25 }],
])('of %j', (values, expected) => {
  expect(medianOfRuns(values)).toEqual({ ...expected, runs: values.length });
});

test('of no runs there is none', () => {
  expect(medianOfRuns([])).toBeNull();
});

test.each([5, 9, 15])('the interval of %i runs misses the median as often as it says', (runs) => {
  const random = seededRandom(runs);
  // Skewed, as latencies are; its median is ln 2.
  const all = Array.from({ length: 4_000 }, () =>
    medianOfRuns(Array.from({ length: runs }, () => -Math.log(1 - random()))),
  );
  const missed = all.filter((one) => (one?.low ?? 0) > Math.LN2 || (one?.high ?? 0) < Math.LN2).length;
  const stated = all[0]?.missed as number;
  expect(Math.abs(missed / all.length - stated)).toBeLessThan(
    3 * Math.sqrt((stated * (1 - stated)) / all.length),
  );
});
