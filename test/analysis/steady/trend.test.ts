import { expect, test } from '@jest/globals';
import { trendOf } from '../../../src/analysis/steady/trend.ts';
import { Noise } from '../support/noise.ts';

test.each([
  [[1, 2, 3, 4], { change: 3, chance: 2 / 24 }],
  [[4, 3, 2, 1], { change: -3, chance: 2 / 24 }],
  [[1, 2, 4, 3], { change: 2.5, chance: 8 / 24 }],
  [[2, 2, 2], { change: 0, chance: 1 }],
  // The one that stands out moves the line by nothing.
  [[1, 2, 300, 4, 5], { change: 4, chance: 0.233 }],
])('the trend of %j is %j', (values, { change, chance }) => {
  const found = trendOf(values);
  expect(found.change).toBeCloseTo(change, 5);
  expect(found.chance).toBeCloseTo(chance, 2);
});

test('noise seems to have a trend as often as is said', () => {
  const noise = new Noise(1);
  const chances = Array.from({ length: 2_000 }, () =>
    trendOf(Array.from({ length: 8 }, () => noise.normal(1))),
  ).map(({ chance }) => chance);
  // The share nearest to a tenth that eight values have.
  expect(chances.filter((chance) => chance <= 0.11).length / chances.length).toBeCloseTo(0.109, 1);
  expect(chances.filter((chance) => chance <= 0.02).length / chances.length).toBeLessThan(0.03);
});
