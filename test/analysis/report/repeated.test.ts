import { expect, test } from '@jest/globals';
import type { ReportEntry } from '../../../src/analysis/report/columns.ts';
import { buildReport } from '../../../src/analysis/report/report.ts';
import { reportMarkdown } from '../../../src/analysis/report/report-markdown.ts';
import { verdictsOn } from '../../../src/analysis/verdicts.ts';
import { reportSchema } from '../../../src/contracts/documents/api.ts';
import type { Measurement } from '../../../src/contracts/documents/metrics.ts';
import type { Result } from '../../../src/contracts/documents/result.ts';
import type { Requirement } from '../../../src/contracts/input/requirement.ts';
import { experimentSpec, latency, measurement, result } from '../../support/documents.ts';

const requirements: Requirement[] = [
  { metric: 'latency.endToEnd.p99Ms', atMost: 100 },
  { metric: 'messages.lost', atMost: 0 },
];

/** A run of a variant that measured this p99. */
function run(
  variant: number,
  name: string,
  repetition: number,
  p99Ms: number,
  given: Partial<Result> = {},
): ReportEntry {
  const measured = measurement({ latency: { ...measurement().latency, endToEnd: latency({ p99Ms }) } });
  const verdicts = verdictsOn(requirements, {
    measurement: measured,
    emulated: false,
    partial: given.partial ?? false,
    limited: given.loadGenerator?.limited ?? false,
    moving: null,
  });
  return {
    run: { variant, name, repetition },
    experiment: {
      id: `${name}-${repetition}`,
      name: `${name} #${repetition}`,
      technology: 'kafka',
      target: 'local',
      emulated: false,
      outcome: 'completed',
    },
    result: result({
      name,
      spec: experimentSpec({ settings: { acks: 1 } }),
      measurement: measured,
      ...given,
      verdicts,
    }),
    failure: null,
  };
}

const runs = (variant: number, name: string, ...p99s: number[]) =>
  p99s.map((p99, index) => run(variant, name, index + 1, p99));

const report = (...entries: ReportEntry[]) =>
  buildReport({
    title: 'repeated',
    comparisonId: 'comparison-1',
    generatedAt: new Date('2026-01-02T03:04:05Z'),
    entries,
  });

test('the runs of a variant are one column, with the median, its interval, and each of them', () => {
  const built = report(...runs(0, 'A', 20, 22, 21, 25, 24), ...runs(1, 'B', 40, 44, 41, 50, 48));
  expect(reportSchema.parse(built)).toEqual(built);
  expect(
    built.columns.map(({ label, experimentId, runs: all }) => [label, experimentId, all.length]),
  ).toEqual([
    ['A', 'A-1', 5],
    ['B', 'B-1', 5],
  ]);
  const [first] = built.columns;
  expect(first?.verdicts[0]).toMatchObject({ measured: 22, low: 20, high: 25, runs: 5, verdict: 'met' });
  expect(first?.runs.map(({ measured }) => measured['latency.endToEnd.p99Ms'])).toEqual([20, 22, 21, 25, 24]);
  expect(built.conclusion).toBe('met');
});

test('a difference that is told decides between two that meet all', () => {
  const built = report(...runs(0, 'A', 40, 44, 41, 50, 48), ...runs(1, 'B', 20, 22, 21, 25, 24));
  expect(built.differences.find(({ metric }) => metric === 'latency.endToEnd.p99Ms')).toMatchObject({
    baseline: 0,
    contender: 1,
    finding: 'lower',
    blocks: 5,
  });
  expect(built.recommendation?.columns).toEqual([1]);
  expect(built.recommendation?.reasons[0]).toMatch(
    /^B meets all requirements with the widest margin .* A meets them too\.$/,
  );
});

test('one that chance may have made does not', () => {
  const built = report(...runs(0, 'A', 20, 26, 21, 25, 24), ...runs(1, 'B', 21, 22, 23, 24, 25));
  expect(built.recommendation?.columns).toHaveLength(2);
  expect(built.recommendation?.reasons[0]).toMatch(
    'B and A meet all requirements, and nothing here tells which is better',
  );
  const single = report(run(0, 'A', 1, 20), run(1, 'B', 1, 40));
  expect(single.differences).toEqual([]);
  expect(single.recommendation?.reasons[0]).toMatch('one run each does not tell a difference from chance');
});

test('a bound between the runs is undecided, and such a variant is never advised', () => {
  const built = report(...runs(0, 'A', 90, 95, 99, 101, 105), ...runs(1, 'B', 20, 22, 21, 25, 24));
  expect(built.columns[0]?.meetsRequirements).toBe('undecided');
  expect(built.recommendation).toMatchObject({
    columns: [1],
    reasons: [expect.stringMatching('^B is the only one'), 'A is undecided on latency.endToEnd.p99Ms.'],
  });
});

test('what is emulated is never advised, nor anything where nothing meets all', () => {
  const emulated = runs(0, 'A', 20, 22, 21, 25, 24).map((one) => ({
    ...one,
    experiment: { ...one.experiment, emulated: true },
  }));
  const built = report(...emulated, ...runs(1, 'B', 200, 220, 210, 250, 240));
  expect(built.recommendation).toEqual({
    columns: [],
    reasons: [
      'No variant is shown to meet all requirements.',
      'A is emulated here: nothing is said of its speed.',
      'B misses latency.endToEnd.p99Ms.',
    ],
  });
});

test('a note on several runs is told once, with how many', () => {
  const limited = { limited: true, evidence: ['producer 0 used 97% of a core'] };
  const built = report(
    run(0, 'A', 1, 20),
    run(0, 'A', 2, 21, {
      loadGenerator: { ...(result().loadGenerator as object), ...limited } as Result['loadGenerator'],
    }),
    run(0, 'A', 3, 21, { partial: true }),
  );
  const notes = built.notes.filter((note) => note.startsWith('A'));
  expect(notes).toEqual([
    expect.stringMatching(/^A was limited by the load generator .*\(In 1 of 3 runs\.\)$/),
    expect.stringMatching(/^A's measurement was cut short.*\(In 1 of 3 runs\.\)$/),
  ]);
  expect(built.columns[0]).toMatchObject({ partial: false, loadGenerator: { limited: true } });
});

test('what was not steady in most of its runs is marked, noted and never advised', () => {
  const moving = {
    steady: false,
    steadyReason: 'latency was rising: the p50 of the second half is 40% above the first',
  };
  const mostly = (...steady: boolean[]) =>
    runs(0, 'A', 20, 22, 21).map((one, index) => ({
      ...one,
      result: one.result && {
        ...one.result,
        measurement: { ...(one.result.measurement as Measurement), ...(steady[index] ? {} : moving) },
        warmup: { acknowledged: 1, refusals: [], seconds: 7.25 + index },
      },
    }));
  const built = report(...mostly(false, true, false), ...runs(1, 'B', 200, 220, 210));
  expect(built.columns[0]).toMatchObject({
    measurement: moving,
    runs: [{ steady: false }, { steady: true }, { steady: false }],
  });
  expect(built.notes).toContain(
    `A was not steady while it was measured: ${moving.steadyReason}. (In 2 of 3 runs.)`,
  );
  expect(built.recommendation?.reasons).toContain(`A was not steady: ${moving.steadyReason}.`);
  const [beside] =
    report(...mostly(false, false, false), ...runs(1, 'B', 20, 22, 21)).recommendation?.reasons ?? [];
  expect(beside).toMatch(
    /^B meets all requirements.*; A does too, by numbers on which no choice can rest \(not steady\)\.$/,
  );
  const markdown = reportMarkdown(built);
  expect(markdown).toContain('| A (not steady) |');
  expect(markdown).toContain('- Measured after 7 to 9 s of warm-up.');
  const once = report(...mostly(false, true, true), ...runs(1, 'B', 200, 220, 210));
  expect(once.columns[0]?.measurement).toMatchObject({ steady: true, steadyReason: null });
  expect(once.recommendation?.columns).toEqual([0]);
});

test('as Markdown it tells differences with their intervals', () => {
  const markdown = reportMarkdown(
    report(...runs(0, 'A', 40, 44, 41, 50, 48), ...runs(1, 'B', 20, 22, 21, 25, 24)),
  );
  expect(markdown).toMatch(/Differences from A/);
  expect(markdown).toMatch(/\| B +\| endToEnd.p99Ms +\| +-22 ms \| +0\.5× \| +0\.5× to 0\.512× \| lower/);
  expect(markdown).toMatch(/44 ms \(40 to 50\)/);
});

test('a variant of which nothing was measured, or whose messages never came, stands in a report that can be read', () => {
  const unmeasured = runs(1, 'B', 20, 22, 21).map((one) => ({ ...one, result: null }));
  const endless = runs(2, 'C', 20, 22, 21, 25, 24).map(({ result: given, ...one }) => {
    const { latency: latencies, messages } = measurement();
    const endToEnd = latency({ count: 0, p50Ms: null, p99Ms: null, maxMs: null });
    const measured = measurement({
      latency: { ...latencies, endToEnd },
      messages: { ...messages, received: 0, lost: messages.acknowledged },
    });
    return { ...one, result: given && { ...given, measurement: measured } };
  });
  const built = report(...runs(0, 'A', 20, 22, 21, 25, 24), ...unmeasured, ...endless);
  const read = reportSchema.parse(JSON.parse(JSON.stringify(built)));
  expect(read).toEqual(built);
  const markdown = reportMarkdown(read);
  expect(markdown).toMatch(/\| B +\| endToEnd.p99Ms +\| +– \| +– \| +– \| too few repetitions \(0/);
  expect(markdown).toMatch(
    /\| C +\| endToEnd.p99Ms +\| beyond measure \| beyond measure \| beyond measure to beyond measure \| higher/,
  );
});

test('a name is no markup in a title of the differences either', () => {
  const name = 'A <img src=x>';
  const built = report(...runs(0, name, 40, 44, 41, 50, 48), ...runs(1, 'B', 20, 22, 21, 25, 24));
  expect(reportMarkdown(built)).not.toContain('A <img');
});

test('experiments of other requirements are not ranked, which is said first', () => {
  const [other] = runs(1, 'B', 20) as [ReportEntry];
  const verdicts = other.result?.verdicts.map((one) => ('atMost' in one ? { ...one, atMost: 500 } : one));
  const built = report(...runs(0, 'A', 20), {
    ...other,
    result: other.result && { ...other.result, verdicts: verdicts ?? [] },
  });
  expect(built.recommendation).toBeNull();
  expect(built.caveats).toEqual([
    expect.stringMatching(
      /^The requirements differ, so that none is advised\. A: .*at most 100 ms.*; B: .*at most 500 ms/,
    ),
  ]);
  const without = report(...runs(0, 'A', 20), {
    ...other,
    result: other.result && { ...other.result, verdicts: [] },
  });
  expect(without.recommendation?.reasons).toContain('B was measured without requirements.');
});

test('a run that was cut short is in no median and no difference', () => {
  const used = (cpuSeconds: number, messages: number) => ({
    product: {
      cpuSeconds,
      peakMemoryBytes: 1,
      diskReadBytes: 0,
      diskWriteBytes: 0,
      messagesPerCpuSecond: messages / cpuSeconds,
    },
    cost: {
      usdPerHour: 1,
      usdPerMillionMessages: cpuSeconds,
      messagesPerSecond: 1_000,
      usdPerMillionMessagesAtCapacity: null,
      capacityMessagesPerSecond: null,
      basis: 'estimate-from-use' as const,
      region: 'r',
      asOf: '2026-01-01',
      source: 's',
      vcpu: 2,
      memoryGib: 1,
      utilization: 0.1,
      arithmetic: [],
    },
    refusals: [{ reason: 'NOT_ENOUGH_REPLICAS', outcome: 'failed' as const, messages }],
  });
  const whole = [1, 2, 3, 4].map((repetition) => run(1, 'B', repetition, 30, used(10, 1)));
  const cut = run(1, 'B', 5, 20, { partial: true, ...used(1, 500) });
  const built = report(...runs(0, 'A', 20, 22, 21, 25, 24), ...whole, cut);
  expect(built.columns[1]?.measurement?.latency.endToEnd.p99Ms).toBe(30);
  expect(built.columns[1]?.verdicts[0]).toMatchObject({ measured: 30, low: 30, runs: 4 });
  expect(built.columns[1]).toMatchObject({
    product: { cpuSeconds: 40 },
    cost: { usdPerMillionMessages: 10 },
    refusals: [{ messages: 4 }],
  });
  expect(built.differences.map(({ blocks }) => blocks)).toEqual([4, 4, 4]);
});

test('how many of many comparisons chance makes different is said in every form', () => {
  const variants = ['A', 'B', 'C'].flatMap((name, index) => runs(index, name, 20, 22, 21, 25, 24));
  const built = report(...variants, ...runs(3, 'D', 40, 44, 41, 50, 48));
  const said =
    'Of 18 comparisons about 1.1 are expected to differ by chance alone where nothing does (each in 6.3%): 3 were told to differ.';
  expect(built.notes).toContain(said);
  expect(reportMarkdown(built)).toContain(said);
  const few = report(...runs(0, 'A', 20, 22, 21), ...runs(1, 'B', 20, 22, 21));
  expect(few.notes.filter((note) => note.includes('chance'))).toEqual([]);
});
