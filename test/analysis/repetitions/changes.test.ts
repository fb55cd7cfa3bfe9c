import { expect, test } from '@jest/globals';
import { changesBetween } from '../../../src/analysis/repetitions/changes.ts';
import type { Report, ReportColumn } from '../../../src/contracts/documents/api.ts';

const p99 = 'latency.endToEnd.p99Ms';
const rate = 'throughput.consumed.messagesPerSecond';

function report(name: string, metric: string, ...values: (number | null)[]): Report {
  const runs = values.map((value, index) => ({ repetition: index + 1, measured: { [metric]: value } }));
  return { columns: [{ name, label: name, runs } as unknown as ReportColumn] } as Report;
}

test.each<[string, number[], number[], string]>([
  [p99, [10, 11, 12, 10, 11], [20, 22, 21, 24, 23], 'worse'],
  [p99, [20, 22, 21, 24, 23], [10, 11, 12, 10, 11], 'better'],
  [p99, [10, 11, 12, 10, 11], [10, 12, 11, 10, 12], 'none'],
  [p99, [10], [20], 'unknown'],
  [rate, [1_000, 1_010, 990, 1_005, 995], [500, 510, 505, 495, 490], 'worse'],
  [rate, [500, 510, 505, 495, 490], [1_000, 1_010, 990, 1_005, 995], 'better'],
])('%s from %j to %j is %s', (metric, before, after, finding) => {
  const [change] = changesBetween(report('A', metric, ...before), report('A', metric, ...after));
  expect(change).toMatchObject({ label: 'A', metric, finding });
});

test('how much worse is in percent of what it was', () => {
  const twice = changesBetween(report('A', p99, 10), report('A', p99, 20));
  expect(twice[0]?.worsePercent).toBeCloseTo(100);
  const half = changesBetween(report('A', rate, 1_000), report('A', rate, 500));
  expect(half[0]?.worsePercent).toBeCloseTo(50);
});

test('variants go by their names, and a run of which nothing is known says nothing', () => {
  expect(changesBetween(report('A', p99, 10), report('B', p99, 20))).toEqual([]);
  expect(changesBetween(report('A', p99, null), report('A', p99, 20))).toEqual([]);
});

test('runs that came to nothing are worse than any', () => {
  const both = (consumed: number, p99Ms: number | null) => ({ [rate]: consumed, [p99]: p99Ms });
  const of = (measured: Record<string, number | null>) =>
    ({
      columns: [
        {
          name: 'A',
          label: 'A',
          runs: Array.from({ length: 5 }, (_, n) => ({ repetition: n + 1, measured })),
        },
      ],
    }) as unknown as Report;
  const changes = changesBetween(of(both(1_000, 12)), of(both(0, null)));
  expect(changes.map(({ metric, finding, worsePercent }) => [metric, finding, worsePercent])).toEqual([
    [rate, 'worse', 100],
    [p99, 'worse', Number.POSITIVE_INFINITY],
  ]);
  expect(changesBetween(of(both(0, null)), of(both(0, null)))).toMatchObject([
    { finding: 'none' },
    { finding: 'none' },
  ]);
});

test('a run that was cut short changes nothing, unless there are no others', () => {
  const cut = (earlier: number[], later: number[], isCut: (run: number) => boolean) => {
    const marked = report('A', p99, ...later);
    for (const [index, run] of (marked.columns[0]?.runs ?? []).entries()) run.partial = isCut(index);
    return changesBetween(report('A', p99, ...earlier), marked)[0];
  };
  const [before, after] = [
    [10, 11, 12, 10, 11],
    [10, 12, 11, 10, 12, 900, 950],
  ];
  expect(cut(before, after, (run) => run > 4)?.worsePercent).toBeCloseTo(
    cut(before, after.slice(0, 5), () => false)?.worsePercent ?? Number.NaN,
  );
  expect(cut([10], [20], () => true)?.worsePercent).toBeCloseTo(100);
});
