import { describe, expect, test } from '@jest/globals';
import { recommendationOf } from '../../../../src/analysis/report/answer/recommendation.ts';
import type { ReportColumn } from '../../../../src/contracts/documents/api.ts';
import type { MetricDifference } from '../../../../src/contracts/documents/report/differences.ts';
import type { Verdict } from '../../../../src/contracts/documents/result.ts';
import { measurement } from '../../../support/documents.ts';
import { reportColumn } from '../../../support/report-column.ts';

const p50 = 'latency.endToEnd.p50Ms';
const p99 = 'latency.endToEnd.p99Ms';
const rate = 'throughput.consumed.messagesPerSecond';

function met(metric: string, measured: number, bound: number): Verdict {
  const bounds = metric.startsWith('throughput.') ? { atLeast: bound } : { atMost: bound };
  return { metric, ...bounds, measured, verdict: 'met', reason: '' };
}

function column(label: string, verdicts: Verdict[], given: Partial<ReportColumn> = {}): ReportColumn {
  return reportColumn(label, { measurement: measurement(), verdicts, meetsRequirements: 'met', ...given });
}

/** What the second column is, by the first, in a metric. */
function told(metric: string, finding: MetricDifference['finding']): MetricDifference {
  const range = { estimate: 1, low: null, high: null };
  return {
    metric,
    baseline: 0,
    contender: 1,
    ratio: range,
    difference: range,
    finding,
    falseAlarms: 0.06,
    visiblePercent: 10,
    moreRepetitions: null,
    blocks: 5,
  };
}

const limited = {
  loadGenerator: { limited: true, evidence: [] } as unknown as ReportColumn['loadGenerator'],
};
const answer = (columns: ReportColumn[], differences: MetricDifference[] = []) =>
  recommendationOf(columns, differences)?.reasons[0];

describe('of several that meet all requirements', () => {
  const wide = column('A', [met(p50, 4, 10), met(p99, 20, 100)]);
  const narrow = column('B', [met(p50, 2, 10), met(p99, 45, 100)]);

  test('one has the widest margin where the other was told to be slower at its own nearest bound', () => {
    expect(answer([wide, narrow], [told(p50, 'lower'), told(p99, 'higher')])).toBe(
      'A meets all requirements with the widest margin (latency.endToEnd.p50Ms 4 ms of at most 10 ms: 2.5 times within it); B meets them too.',
    );
  });

  test('and none where that was told of another metric, or the other way round', () => {
    for (const finding of ['none', 'lower'] as const) {
      expect(answer([wide, narrow], [told(p50, 'lower'), told(p99, finding)])).toContain(
        'A and B meet all requirements, and nothing here tells which is better',
      );
    }
  });

  test('what the load generator limited may be faster', () => {
    const slow = column('B', [met(p50, 2, 10), met(p99, 45, 100)], limited);
    expect(answer([wide, slow], [told(p99, 'higher')])).toContain(
      'the load generator was the limit of B, which may do better',
    );
  });

  test('a rate that all keep tells nothing', () => {
    const verdicts = (ms: number) => [met(rate, 2_000, 1_980), met(p99, ms, 100)];
    const columns = [column('A', verdicts(2)), column('B', verdicts(8))];
    expect(answer(columns, [told(rate, 'none'), told(p99, 'higher')])).toMatch(
      /^A meets all requirements with/,
    );
    expect(
      answer([column('A', [met(rate, 2_000, 1_980)]), column('B', [met(rate, 2_000, 1_980)])]),
    ).toContain('no latency is bounded, by which they could be told apart');
  });

  test('how many repetitions there were is said as it is', () => {
    expect(answer([wide, narrow], [{ ...told(p99, 'unknown'), blocks: 3, moreRepetitions: 2 }])).toContain(
      '3 repetitions do not tell a difference from chance; 2 more would begin to',
    );
  });
});

test('the only one is the only one that is shown to, unless the others are shown not to', () => {
  const [good, bad] = [
    column('A', [met(p99, 5, 10)]),
    column('B', [{ ...met(p99, 50, 10), verdict: 'not-met' }]),
  ];
  expect(answer([good, { ...bad, meetsRequirements: 'not-met' }])).toContain(
    'A is the only one that meets all',
  );
  expect(answer([good, { ...bad, meetsRequirements: 'undecided' }])).toContain(
    'A is the only one shown to meet all',
  );
});

test('what failed on the way is not advised for what it had measured until then', () => {
  const failure = { code: 'load-generator-lost', phase: 'measuring', message: 'it is gone', diagnostics: [] };
  const broken = column('A', [met(p99, 5, 10)], { failure: failure as ReportColumn['failure'] });
  expect(recommendationOf([broken, column('B', [met(p99, 8, 10)])], [])?.columns).toEqual([1]);
});

describe('what is advised says what it guarantees beside the others', () => {
  const promising = (powerLoss: 'survives' | 'may-lose', label: string, ms: number) =>
    column(label, [met(p99, ms, 100)], {
      guarantee: {
        processCrash: 'survives',
        powerLoss,
        nodeLoss: 'survives',
        copies: 2,
        flushed: null,
        explanation: '',
      },
    });
  const better = [told(p99, 'higher')];

  test('the same', () => {
    const columns = [promising('survives', 'A', 20), promising('survives', 'B', 80)];
    expect(answer(columns, better)).toMatch(/B meets them too; same guarantee\.$/);
  });

  test('less', () => {
    const columns = [promising('may-lose', 'A', 20), promising('survives', 'B', 80)];
    expect(answer(columns, better)).toMatch(
      /; weaker guarantee: what A acknowledged may be lost by a loss of power, and survives it with B\.$/,
    );
  });

  test('less in two ways that end alike', () => {
    const columns = [promising('may-lose', 'A', 20), promising('survives', 'B', 80)];
    if (columns[0]?.guarantee) columns[0].guarantee.nodeLoss = 'may-lose';
    expect(answer(columns, better)).toMatch(
      /; weaker guarantee: what A acknowledged may be lost by a loss of power or the loss of a node, and survives these with B\.$/,
    );
  });

  test('more', () => {
    const columns = [promising('survives', 'A', 20), promising('may-lose', 'B', 80)];
    expect(answer(columns, better)).toMatch(/; no other guarantees more\.$/);
  });

  test('and nothing where nothing else was measured yet', () => {
    const open = column('B', [], { outcome: null, measurement: null, meetsRequirements: null });
    expect(answer([promising('survives', 'A', 20), open])).toMatch(
      /^A is the only one shown to meet all requirements \([^;]*\)\.$/,
    );
  });

  test('and nothing where it is not known, or nothing is advised', () => {
    const unknown = column('B', [met(p99, 80, 100)]);
    expect(answer([promising('survives', 'A', 20), unknown], better)).toMatch(/B meets them too\.$/);
    const missed = { ...promising('survives', 'A', 20), meetsRequirements: 'not-met' as const };
    expect(answer([missed, { ...missed, label: 'B' }])).toBe('No variant is shown to meet all requirements.');
  });
});

test('how small a difference the runs could have shown is no promise that they would', () => {
  const columns = [column('A', [met(p99, 20, 100)]), column('B', [met(p99, 21, 100)])];
  expect(answer(columns, [told(p99, 'none')])).toContain('one of 10% could have been seen');
});

test('of one that has not ended it is not said that it was not measured', () => {
  const undecided = { verdicts: [{ ...met(p99, 20, 10), verdict: 'undecided' as const }] };
  const columns = [
    column('A', [], { outcome: null, measurement: null, meetsRequirements: null }),
    column('B', [], { outcome: 'failed', measurement: null, meetsRequirements: null }),
    column('C', [], { ...undecided, meetsRequirements: 'undecided' }),
  ];
  expect(recommendationOf(columns, [])?.reasons).toEqual([
    'No variant is shown to meet all requirements.',
    'A has not finished.',
    'B was not measured.',
    `C is undecided on ${p99}.`,
  ]);
});
