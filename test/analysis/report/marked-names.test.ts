import { expect, test } from '@jest/globals';
import { columnOf } from '../../../src/analysis/report/columns.ts';
import { conditionLines } from '../../../src/analysis/report/conditions/conditions.ts';
import { differenceTable } from '../../../src/analysis/report/difference-table.ts';
import { ladderTable } from '../../../src/analysis/report/ladder-table.ts';
import { withMarkedNames } from '../../../src/analysis/report/text-table.ts';
import type { Report } from '../../../src/contracts/documents/api.ts';
import type { LadderRung, Result } from '../../../src/contracts/documents/result.ts';
import { experimentRecord, loadGenerator, measurement, result as resultOf } from '../../support/documents.ts';
import { reportColumn } from '../../support/report-column.ts';

const column = (label: string, emulated: boolean) =>
  reportColumn(label, {
    emulated,
    measurement: measurement({ steady: false, steadyReason: 'it rose' }),
    ladder: [
      {
        messagesPerSecond: 10,
        sustained: true,
        reason: 'sustained',
        limited: false,
        latency: null,
        throughput: null,
        steady: null,
        steadyReason: null,
      },
    ],
  });
const range = { estimate: 2, low: null, high: null };
const report = {
  columns: [column('Kinesis', true), column('Kafka', false)],
  differences: [
    {
      metric: 'latency.endToEnd.p99Ms',
      baseline: 0,
      contender: 1,
      ratio: range,
      difference: range,
      finding: 'unknown',
      falseAlarms: null,
      visiblePercent: null,
      moreRepetitions: null,
      blocks: 1,
    },
  ],
} as unknown as Report;
test('a column that the load generator limited says so, and a rung of a ladder whatever spoils it', () => {
  const limited = reportColumn('a', { loadGenerator: { ...loadGenerator(), limited: true } });
  expect(withMarkedNames({ columns: [limited] } as unknown as Report).columns[0]?.label).toBe('a (limited)');
  const rung = { ...(column('a', false).ladder as LadderRung[])[0] } as LadderRung;
  const rungs: LadderRung[] = [
    { ...rung, steady: false },
    { ...rung, messagesPerSecond: 20, limited: true },
    { ...rung, messagesPerSecond: 40, sustained: false, limited: true, reason: 'it was slow; the evidence' },
  ];
  const { rows } = ladderTable([reportColumn('a', { ladder: rungs })]);
  expect(rows.map((cells) => cells.at(-1))).toEqual([
    'yes (not steady)',
    'yes, no knee up to 20/s (load generator)',
    'no: it was slow (load generator)',
  ]);
});

const marked = ['Kinesis (EMULATED) (not steady)', 'Kafka (not steady)'];

test('wherever a name stands by itself it says what must be known before it is compared', () => {
  expect(withMarkedNames(report).columns.map(({ label }) => label)).toEqual(marked);
  expect(ladderTable(report.columns).rows.map(([name]) => name)).toEqual(marked);
  const differences = differenceTable(report);
  expect([differences?.title, differences?.rows[0]?.[0]]).toEqual([
    `Differences from ${marked[0]} (block by block)`,
    marked[1],
  ]);
});

test('where the machine of the load generator is not that of the product, it is said so', () => {
  const lines = (target: string) =>
    conditionLines({
      columns: [reportColumn('a', { target, workload: 'w', machine: 'a machine' })],
    } as unknown as Report).join(' ');
  expect(lines('local')).toContain('a: on a machine; load generator and product share it.');
  expect(lines('existing')).toContain(
    'load generator on a machine; the product is in a cluster of your own.',
  );
});

test('a column of several runs is led by the first that measured something', () => {
  const run = (id: string, repetition: number, result: Result | null) => ({
    experiment: experimentRecord({ id }),
    result,
    failure: null,
    run: { variant: 0, name: 'a', repetition },
  });
  const runs = [run('exp-failed', 1, null), run('exp-measured', 2, resultOf())];
  expect(columnOf({ label: 'a', runs }, []).experimentId).toBe('exp-measured');
});
