import { expect, test } from '@jest/globals';
import { rangeWithin, stretchesOf } from '../../src/web/charts/stretches.ts';

test('few points are told one by one, and a second without a value has none', () => {
  expect(
    stretchesOf([
      [1, 2],
      [5, null],
      [null, undefined],
    ]),
  ).toEqual([
    { from: 1, until: 1, ranges: [[5, 5], null] },
    { from: 2, until: 2, ranges: [null, null] },
  ]);
  expect(stretchesOf([[]])).toEqual([]);
});

test('of an hour of seconds there are few rows, and none hides a peak', () => {
  const x = Array.from({ length: 3_600 }, (_, index) => index + 1);
  const rows = stretchesOf([x, x.map((second) => (second === 1_234 ? 900 : 1))]);
  expect(rows).toHaveLength(60);
  expect(rows[0]).toEqual({ from: 1, until: 60, ranges: [[1, 1]] });
  expect(rows.at(-1)).toMatchObject({ from: 3_541, until: 3_600 });
  expect(rows.filter(({ ranges }) => ranges[0]?.[1] === 900)).toMatchObject([{ from: 1_201, until: 1_260 }]);
  expect(rangeWithin([3, null, 1, 2])).toEqual([1, 3]);
});
