import { expect, test } from '@jest/globals';
import type { Report } from '../../src/contracts/documents/api.ts';
import { runRow } from '../../src/web/report/run-rows.ts';

const p99 = 'latency.endToEnd.p99Ms';
type Column = Report['columns'][number];

function column(runs: [value: number | null, partial?: boolean][]): Column {
  return {
    label: 'A',
    runs: runs.map(([value, partial = false]) => ({ partial, measured: { [p99]: value, other: 1 } })),
  } as unknown as Column;
}

test('every run has its dot, and the median and its interval are of those that were not cut short', () => {
  const row = runRow(column([[10], [11], [900, true], [12], [13], [14], [800, true]]), 2, p99);
  expect(row).toMatchObject({ name: 'A', index: 2, median: 12, low: 10, high: 14 });
  expect(row.dots.map(({ value }) => value)).toEqual([10, 11, 900, 12, 13, 14, 800]);
  expect(row.dots.flatMap(({ isCutShort }, run) => (isCutShort ? [run] : []))).toEqual([2, 6]);
});

test('fewer than five that were not have no interval', () => {
  const row = runRow(column([[10], [11], [900, true], [12], [13]]), 0, p99);
  expect(row).toMatchObject({ median: 11.5, low: null, high: null });
});

test('where all were cut short they are all that there is, and messages that never came are beyond all', () => {
  expect(
    runRow(
      column([
        [10, true],
        [12, true],
      ]),
      0,
      p99,
    ),
  ).toMatchObject({ median: 11 });
  expect(runRow(column([[null], [10], [11]]), 0, p99).dots[0]?.value).toBe(Number.POSITIVE_INFINITY);
});
