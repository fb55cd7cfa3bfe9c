import { expect, test } from '@jest/globals';
import { medianOf } from '../../../src/analysis/statistics/median.ts';

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
  [[1, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 2], Number.POSITIVE_INFINITY],
  [[Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY], Number.POSITIVE_INFINITY],
  [[], Number.NaN],
])('the middle of %j is %d', (values, expected) => {
  expect(medianOf(values)).toBe(expected);
});
