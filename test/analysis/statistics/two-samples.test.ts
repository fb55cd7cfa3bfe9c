import { expect, test } from '@jest/globals';
import { canTell, leastToTell, shiftOf } from '../../../src/analysis/statistics/two-samples.ts';
import { seededRandom } from '../../../src/contracts/input/grid/random.ts';

test('the estimate is the median of all differences, and every pair counts', () => {
  expect(shiftOf([1, 2, 3], [11, 12, 13])).toMatchObject({ estimate: 10 });
  expect(shiftOf([1], [5])).toEqual({ estimate: 4, low: null, high: null });
});

// Hollander, Wolfe and Chicken, table A.6: of two samples of 5, P(U ≤ 3) = 0.028, P(U ≤ 4) = 0.048.
test('leaves out as many differences as the tables say', () => {
  const five = [0, 0, 0, 0, 0];
  const spread = [1, 2, 3, 4, 5];
  const { low, high } = shiftOf(five, spread);
  // Of 25 differences, five of each value, the first three lie beyond on each side: still the least and the greatest.
  expect([low, high]).toEqual([1, 5]);
  expect(shiftOf([1, 2], [3, 4])).toMatchObject({ low: null, high: null });
  expect(shiftOf([1, 2, 3, 4], [5, 6, 7, 8])).toMatchObject({
    low: expect.any(Number),
    high: expect.any(Number),
  });
});

test.each([
  [5, 5],
  [4, 6],
  [8, 3],
])('equals of %i and %i runs are told to differ no oftener than is said', (first, second) => {
  const random = seededRandom(first);
  const draw = (count: number) => Array.from({ length: count }, () => -Math.log(1 - random()));
  const told = Array.from({ length: 3_000 }, () => shiftOf(draw(first), draw(second))).filter(
    ({ low, high }) => (low ?? 0) > 0 || (high ?? 0) < 0,
  );
  expect(told.length / 3_000).toBeLessThan(0.0625 + 2 * Math.sqrt((0.0625 * 0.9375) / 3_000));
  expect(told.length / 3_000).toBeGreaterThan(0.02);
});

test('a shift is found, and held by its interval', () => {
  const random = seededRandom(3);
  const draw = (by: number) => Array.from({ length: 6 }, () => by + random());
  const found = Array.from({ length: 300 }, () => shiftOf(draw(0), draw(2)));
  expect(found.every(({ low }) => (low ?? 0) > 0)).toBe(true);
  expect(found.filter(({ low, high }) => (low ?? 0) <= 2 && (high ?? 0) >= 2).length).toBeGreaterThan(275);
});

test.each([
  [1, 31],
  [2, 7],
  [3, 4],
  [4, 3],
  [5, 3],
])('%i runs tell nothing of fewer than %i', (first, needed) => {
  expect(leastToTell(first, 100)).toBe(needed);
  expect([canTell(first, needed - 1), canTell(first, needed)]).toEqual([false, true]);
  expect(leastToTell(first, needed - 1)).toBeNull();
});

test('of no runs nothing is told', () => {
  expect(canTell(0, 50)).toBe(false);
});
