import { describe, expect, test } from '@jest/globals';
import type { Change } from '../../../../src/analysis/repetitions/changes/change.ts';
import { changesBetween } from '../../../../src/analysis/repetitions/changes/changes.ts';
import type { Report, ReportColumn } from '../../../../src/contracts/documents/api.ts';
import type { Messages } from '../../../../src/contracts/documents/metrics.ts';
import { loadGenerator, measurement } from '../../../support/documents.ts';
import { reportColumn, reportRun } from '../../../support/report-column.ts';

const p99 = 'latency.endToEnd.p99Ms';
const rate = 'throughput.consumed.messagesPerSecond';

const reportOf = (...columns: ReportColumn[]) => ({ columns }) as Report;

function report(name: string, metric: string, ...values: (number | null)[]): Report {
  return reportOf(reportColumn(name, { runs: values.map((value, n) => reportRun(n, { [metric]: value })) }));
}

const told = (changes: readonly Change[], metric: string) => changes.find((one) => one.metric === metric);

const slow = [20, 22, 21, 24, 23];
const fast = [10, 11, 12, 10, 11];

test.each<[string, number[], number[], string]>([
  [p99, fast, slow, 'worse'],
  [p99, slow, fast, 'better'],
  [p99, fast, [10, 12, 11, 10, 12], 'none'],
  [p99, [10], [20], 'unknown'],
  [rate, [1_000, 1_010, 990, 1_005, 995], [500, 510, 505, 495, 490], 'worse'],
  [rate, [500, 510, 505, 495, 490], [1_000, 1_010, 990, 1_005, 995], 'better'],
  ['latency.endToEnd.count', [1_000, 1_010, 990, 1_005, 995], [500, 510, 505, 495, 490], 'worse'],
  ['durationSeconds', fast, slow, 'none'],
])('%s from %j to %j is %s', (metric, before, after, finding) => {
  const [change] = changesBetween(report('A', metric, ...before), report('A', metric, ...after));
  expect(change).toMatchObject({ label: 'A', metric, finding });
});

test('how much worse is in percent of what it was', () => {
  const twice = changesBetween(report('A', p99, 10), report('A', p99, 20));
  expect(twice[0]?.worsePercent).toBe(100);
  expect(changesBetween(report('A', p99, 10.4), report('A', p99, 31.2))[0]?.worsePercent).toBe(200);
  expect(twice[0]).toMatchObject({ before: 10, after: 20, reason: 'too few runs: 1 then and 1 now' });
  const half = changesBetween(report('A', rate, 1_000), report('A', rate, 500));
  expect(half[0]?.worsePercent).toBe(50);
});

test('variants go by their names, and what only one report has is named', () => {
  expect(changesBetween(report('A', p99, 10), report('B', p99, 20))).toEqual([]);
  expect(changesBetween(report('A', p99, null), report('A', p99, 20))).toMatchObject([
    { metric: p99, before: null, after: 20, finding: 'unknown', reason: 'only the later report has it' },
  ]);
  expect(changesBetween(report('A', p99, 10), report('A', rate, 20))).toMatchObject([
    { metric: p99, finding: 'unknown', reason: 'only the earlier report has it' },
    { metric: rate, finding: 'unknown', reason: 'only the later report has it' },
  ]);
});

test('a latency too short to be told from 0 is the best there is, and none that never came', () => {
  const of = (value: number) => report('A', p99, ...Array(5).fill(value));
  expect(changesBetween(of(0.1), of(0))).toMatchObject([
    { finding: 'better', before: 0.1, after: 0, worsePercent: -100 },
  ]);
  expect(changesBetween(of(0), of(0.1))).toMatchObject([
    { finding: 'worse', before: 0, after: 0.1, worsePercent: null, reason: 'beyond any number: one was 0' },
  ]);
  expect(changesBetween(of(0), of(0))).toMatchObject([{ finding: 'none', before: 0, after: 0 }]);
});

test('runs that came to nothing are worse than any, in words where JSON has no number', () => {
  const of = (consumed: number, p99Ms: number | null) => {
    const runs = [0, 1, 2, 3, 4].map((n) => reportRun(n, { [rate]: consumed, [p99]: p99Ms }));
    return reportOf(reportColumn('A', { runs }));
  };
  const changes = changesBetween(of(1_000, 12), of(0, null));
  expect(JSON.parse(JSON.stringify(changes))).toEqual(changes);
  expect(changes).toMatchObject([
    { metric: rate, finding: 'worse', worsePercent: 100, before: 1_000, after: 0 },
    {
      metric: p99,
      finding: 'worse',
      worsePercent: null,
      reason: 'beyond any number: messages never came',
    },
  ]);
  expect(changesBetween(of(0, null), of(0, null))).toMatchObject([{ finding: 'none' }, { finding: 'none' }]);
});

test('a run that was cut short is in neither sample', () => {
  const cut = reportRun(5, { [p99]: 900 }, { partial: true });
  const now = reportColumn('A', { runs: [...fast.map((value, n) => reportRun(n, { [p99]: value })), cut] });
  expect(changesBetween(report('A', p99, ...fast), reportOf(now))).toMatchObject([
    { finding: 'none', after: 11 },
  ]);
});

describe('no change of speed is told of what is', () => {
  const moving = measurement({ steady: false, steadyReason: 'it fell' });
  test.each<[string, Partial<ReportColumn>]>([
    ['it is emulated', { emulated: true }],
    ['it was cut short', { partial: true }],
    ['it was not steady', { measurement: moving }],
    ['the load generator was the limit', { loadGenerator: { ...loadGenerator(), limited: true } }],
  ])('%s', (reason, marks) => {
    const of = (values: number[], given: Partial<ReportColumn> = {}) => {
      const runs = values.map((value, n) => reportRun(n, { [p99]: value, [rate]: 1_000 / value }));
      return reportOf(reportColumn('A', { runs, ...given }));
    };
    for (const [then, now, when] of [
      [marks, {}, ', then'],
      [{}, marks, ', now'],
      [marks, marks, ', then and now'],
    ] as const) {
      const changes = changesBetween(of(fast, then), of(slow, now));
      const ofSpeed = changes.filter(({ metric }) => !metric.startsWith('messages.'));
      expect(ofSpeed.map(({ finding, reason: why }) => [finding, why])).toEqual([
        ['unknown', reason + when],
        ['unknown', reason + when],
      ]);
    }
    expect(told(changesBetween(of(fast), of(slow)), p99)?.finding).toBe('worse');
  });
});

describe('messages that should not be', () => {
  const counts = (given: Partial<Messages>): Messages => ({ ...measurement().messages, ...given });
  /** So many of 20,000 lost in each run. */
  const losing = (lost: readonly number[], given: Partial<ReportColumn> = {}) => {
    const runs = lost.map((count, n) => reportRun(n, { [p99]: 10 }, { messages: counts({ lost: count }) }));
    const all = lost.reduce((sum, one) => sum + one, 0);
    const whole = measurement({ messages: counts({ lost: all, scheduled: 20_000 * lost.length }) });
    return reportOf(reportColumn('A', { measurement: whole, runs, ...given }));
  };
  const lost = (then: Report, now: Report) => told(changesBetween(then, now), 'messages.lost');

  test('are worse where there were none, however few runs there are', () => {
    expect(lost(losing([0]), losing([7]))).toMatchObject({
      before: 0,
      after: 7,
      ratio: null,
      finding: 'worse',
      worsePercent: null,
      reason: 'there was none',
    });
    expect(lost(losing([0]), losing([0]))).toMatchObject({ finding: 'none', before: 0, after: 0 });
  });

  test('are told from run to run where there were some', () => {
    const some = losing([7, 9, 8, 7, 9]);
    expect(lost(some, losing([70, 90, 80, 70, 90]))).toMatchObject({ finding: 'worse', worsePercent: 900 });
    expect(lost(some, losing([8, 8, 9, 7, 8]))).toMatchObject({ finding: 'none' });
    expect(lost(some, losing([0, 0, 0, 0, 0]))).toMatchObject({ finding: 'better', worsePercent: -100 });
    expect(lost(losing([3]), losing([9]))).toMatchObject({ finding: 'unknown', before: 3, after: 9 });
  });

  test('of 0.3.0 are not counted run by run', () => {
    const old = losing([7, 9, 8, 7, 9]);
    for (const run of old.columns[0]?.runs ?? []) run.messages = null;
    expect(lost(old, losing([70, 90, 80, 70, 90]))).toMatchObject({
      finding: 'unknown',
      worsePercent: 900,
      reason: 'the earlier report does not count run by run',
    });
  });

  test('say nothing on an emulator, or by delay where the load generator was the limit; unsteady ones do', () => {
    const limited = { loadGenerator: { ...loadGenerator(), limited: true } };
    expect(lost(losing([0]), losing([7], { emulated: true }))?.finding).toBe('unknown');
    expect(lost(losing([0]), losing([7], limited))?.finding).toBe('unknown');
    const moving = losing([7]);
    const [column] = moving.columns;
    if (column?.measurement) column.measurement.steady = false;
    expect(lost(losing([0]), moving)?.finding).toBe('worse');
  });
});

test('a run that was cut short changes nothing, unless there are no others, which is said', () => {
  const cut = (earlier: number[], later: number[], isCut: (run: number) => boolean) => {
    const marked = report('A', p99, ...later);
    for (const [index, run] of (marked.columns[0]?.runs ?? []).entries()) run.partial = isCut(index);
    return told(changesBetween(report('A', p99, ...earlier), marked), p99);
  };
  const [before, after] = [
    [10, 11, 12, 10, 11],
    [10, 12, 11, 10, 12, 900, 950],
  ];
  expect(cut(before, after, (run) => run > 4)?.worsePercent).toBeCloseTo(
    cut(before, after.slice(0, 5), () => false)?.worsePercent ?? Number.NaN,
  );
  expect(cut([10], [20], () => true)).toMatchObject({
    before: 10,
    after: 20,
    worsePercent: 100,
    finding: 'unknown',
  });
});
