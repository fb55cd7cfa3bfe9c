import { expect, test } from '@jest/globals';
import { differenceTable } from '../../../src/analysis/report/difference-table.ts';
import { buildReport } from '../../../src/analysis/report/report.ts';
import { reportTables } from '../../../src/analysis/report/report-tables.ts';
import { verdictInWords } from '../../../src/analysis/report/verdict-words.ts';
import type { Report } from '../../../src/contracts/documents/api.ts';
import type { MetricDifference } from '../../../src/contracts/documents/report/differences.ts';
import type { Verdict } from '../../../src/contracts/documents/result.ts';
import { result } from '../../support/documents.ts';

const p99 = 'latency.endToEnd.p99Ms';
const rate = 'throughput.consumed.messagesPerSecond';
const bytes = 'throughput.consumed.bytesPerSecond';

function reportOf(...verdicts: Verdict[]): Report {
  return buildReport({
    title: 'digits',
    comparisonId: null,
    generatedAt: new Date('2026-01-02T03:04:05Z'),
    entries: [
      {
        experiment: {
          id: 'a',
          name: 'A',
          technology: 'kafka',
          target: 'local',
          emulated: false,
          outcome: 'completed',
        },
        result: result({ verdicts }),
        failure: null,
      },
    ],
  });
}

/** The requirement and what was measured, as a report's table shows them. */
const row = (verdict: Verdict) =>
  reportTables(reportOf(verdict))
    .find(({ title }) => title === 'Requirements')
    ?.rows[0]?.slice(1, 3);

test.each<[string, Omit<Verdict, 'reason'>, string[], string]>([
  [
    'just above a bound',
    { metric: p99, atMost: 100, measured: 100.4, verdict: 'not-met' },
    ['endToEnd.p99Ms ≤ 100', '100.4 ms'],
    'at most 100 ms, measured 100.4 ms',
  ],
  [
    'just below a least',
    { metric: rate, atLeast: 5_000, measured: 4_999.97, verdict: 'not-met' },
    ['consumed.messagesPerSecond ≥ 5,000', '4,999.97 messages/s'],
    'at least 5,000 messages/s, measured 4,999.97 messages/s',
  ],
  [
    'rounded to the other side of a bound with decimals',
    { metric: p99, atMost: 100.4, measured: 100.43, verdict: 'not-met' },
    ['endToEnd.p99Ms ≤ 100.4', '100.43 ms'],
    'at most 100.4 ms, measured 100.43 ms',
  ],
  [
    'on a bound with decimals',
    { metric: p99, atMost: 12.34, measured: 12.34, verdict: 'met' },
    ['endToEnd.p99Ms ≤ 12.34', '12.34 ms'],
    'at most 12.34 ms, measured 12.34 ms',
  ],
  [
    'a bound of next to nothing',
    { metric: rate, atLeast: 0.0004, measured: 0.2, verdict: 'met' },
    ['consumed.messagesPerSecond ≥ 0.0004', '0.2 messages/s'],
    'at least 0.0004 messages/s, measured 0.2 messages/s',
  ],
  [
    'less than a byte a second',
    { metric: bytes, atLeast: 0.3, measured: 0.32, verdict: 'met' },
    ['consumed.bytesPerSecond ≥ 0.3', '0.32 bytes/s'],
    'at least 0.3 bytes/s, measured 0.32 bytes/s',
  ],
  [
    'far from a bound',
    { metric: p99, atMost: 50, measured: 12.345, verdict: 'met' },
    ['endToEnd.p99Ms ≤ 50', '12.3 ms'],
    'at most 50 ms, measured 12.3 ms',
  ],
  [
    'runs on either side of it',
    { metric: p99, atMost: 100, measured: 99.97, low: 99.6, high: 100.4, runs: 5, verdict: 'undecided' },
    ['endToEnd.p99Ms ≤ 100', '99.97 ms (99.6 to 100.4)'],
    'at most 100 ms, measured 99.97 ms (why)',
  ],
])('a value reads on its side of the bound: %s', (_, given, cells, words) => {
  const verdict = { ...given, reason: 'why' };
  expect(row(verdict)).toEqual(cells);
  expect(verdictInWords(verdict)).toBe(`${given.verdict}: ${given.metric} ${words}`);
});

test('a difference that was told never reads as none', () => {
  const shown = (given: Partial<MetricDifference>) => {
    const difference = {
      baseline: 0,
      contender: 0,
      metric: p99,
      finding: 'higher',
      falseAlarms: 0.000_002,
      ratio: null,
      blocks: 5,
      difference: { estimate: 0, low: null, high: null },
      ...given,
    } as MetricDifference;
    return differenceTable({ ...reportOf(), differences: [difference] })?.rows[0]?.slice(2);
  };
  expect(shown({ ratio: { estimate: 1.000_4, low: 1.000_1, high: 1.02 } })).toEqual([
    '0 ms',
    '1.0004×',
    '1.0001× to 1.02×',
    'higher (chance does it in 0.0002%)',
  ]);
  expect(shown({ ratio: { estimate: 0.000_2, low: null, high: null } })?.[1]).toBe('0.0002×');
  expect(shown({ difference: { estimate: 0.001, low: -0.002, high: 123.4 } })).toEqual([
    '+0.001 ms',
    '–',
    '-0.002 ms to +123 ms',
    'higher (chance does it in 0.0002%)',
  ]);
  expect(shown({ difference: { estimate: -123.4, low: null, high: null } })?.[0]).toBe('-123 ms');
});
