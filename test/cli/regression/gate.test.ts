import { expect, test } from '@jest/globals';
import {
  changesSince,
  closesGate,
  regressionLine,
  renderChanges,
} from '../../../src/cli/regression/changes.ts';
import { blindSpots } from '../../../src/cli/regression/gate.ts';
import type { Report, ReportColumn } from '../../../src/contracts/documents/api.ts';
import { comparisonSpec, experimentSpec, measurement } from '../../support/documents.ts';
import { reportColumn, reportRun } from '../../support/report-column.ts';

const p99 = 'latency.endToEnd.p99Ms';

function column(name: string, values: readonly number[], given: Partial<ReportColumn> = {}): ReportColumn {
  const runs = values.map((value, n) => reportRun(n, { [p99]: value }));
  return reportColumn(name, { measurement: measurement(), runs, ...given });
}

const report = (...columns: ReportColumn[]) => ({ columns }) as Report;
const comparison = (repetitions: number) => ({
  kind: 'comparison' as const,
  spec: comparisonSpec({ repetitions }),
});

test.each([
  [
    1,
    1,
    'of Kafka 1 earlier run would be compared with 1, which tells nothing from chance: 31 repetitions would do, or 4 of both would do',
  ],
  [
    2,
    6,
    'of Kafka 2 earlier runs would be compared with 6, which tells nothing from chance: 7 repetitions would do, or 4 of both would do',
  ],
  [2, 7, null],
  [3, 4, null],
  [
    5,
    2,
    'of Kafka 5 earlier runs would be compared with 2, which tells nothing from chance: 3 repetitions would do, or 4 of both would do',
  ],
])('of %i earlier runs and %i now', (earlier, repetitions, said) => {
  const before = report(column('Kafka', Array(earlier).fill(10)));
  expect(blindSpots(before, comparison(repetitions))).toEqual(said === null ? [] : [said]);
});

test('an experiment runs once, and what was emulated or not steady has no speed to compare with', () => {
  const spec = experimentSpec({ name: 'Kafka' });
  expect(blindSpots(report(column('Kafka', [10])), { kind: 'experiment', spec })).toEqual([
    expect.stringContaining('an experiment runs once; as a comparison with repetitions, 4 of both would do'),
  ]);
  const emulated = report(
    column('Kafka', Array(5).fill(10)),
    column('Kinesis', Array(5).fill(10), { emulated: true }),
  );
  expect(blindSpots(emulated, comparison(5))).toEqual([
    'the speed of Kinesis then says nothing, for it is emulated',
  ]);
  const moving = column('Kafka', Array(5).fill(10), { measurement: measurement({ steady: false }) });
  expect(blindSpots(report(moving), comparison(5))).toEqual([
    'the speed of Kafka then says nothing, for it was not steady',
  ]);
});

test('a run that measured nothing, or was cut short, is none', () => {
  const one = column('Kafka', [10, 11, 12]);
  const runs = [...one.runs, reportRun(3, { [p99]: null }), reportRun(4, { [p99]: 9 }, { partial: true })];
  expect(blindSpots(report({ ...one, runs }), comparison(3))).toEqual([
    expect.stringContaining('of Kafka 3 earlier runs would be compared with 3'),
  ]);
});

test('a regression is said in one line, with its interval and its reasons; the guard stands on top', () => {
  const before = report(column('A', [10, 11, 12, 10, 11], { machine: 'one' }));
  const after = report(column('A', [20, 22, 21, 24, 23], { machine: 'other' }));
  const changes = changesSince(before, after, 10);
  expect(regressionLine(changes)).toBe(
    'Regression: A latency.endToEnd.p99Ms 11 ms then, 22 ms now (100% worse, 1.818× to 2.3×). More than the product may have changed: 1 caveat.',
  );
  const text = renderChanges(changes);
  expect(text).toMatch(
    /^! The machines differ, and so may the numbers for that alone. A: one then, other now\.\n/,
  );
  expect(text).toContain('WORSE');
  expect(changesSince(before, after, 150).regressions).toEqual([]);
});

test('counts stand as counts', () => {
  const losing = (lost: number) => {
    const measured = measurement();
    measured.messages.lost = lost;
    return report(column('A', [10], { measurement: measured }));
  };
  const changes = changesSince(losing(0), losing(7), null);
  expect(renderChanges(changes)).toMatch(/lost *│ *0 │ *7 │ *– │ *– │ WORSE \(there was none\)/);
  expect(regressionLine(changes)).toContain('A messages.lost 0 then, 7 now (there was none)');
});

test('the gate closes for a regression, and for what was not told only where that was asked for', () => {
  const fast = column('A', [10, 11, 12, 10, 11]);
  const slow = column('A', [20, 22, 21, 24, 23]);
  const moving = { ...slow, measurement: measurement({ steady: false }) };
  const closes = (now: ReportColumn) => {
    const changes = changesSince(report(fast), report(now), 10);
    return [closesGate(changes, {}), closesGate(changes, { failOnUndecided: true })];
  };
  expect(closes(slow)).toEqual([true, true]);
  expect(closes(moving)).toEqual([false, true]);
  expect(closes(fast)).toEqual([false, false]);
});
