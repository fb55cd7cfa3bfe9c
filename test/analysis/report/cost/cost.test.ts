import { expect, test } from '@jest/globals';
import type { ReportEntry } from '../../../../src/analysis/report/columns.ts';
import { formatUsd } from '../../../../src/analysis/report/cost/cost-words.ts';
import { buildReport } from '../../../../src/analysis/report/report.ts';
import { reportMarkdown } from '../../../../src/analysis/report/report-markdown.ts';
import { type Report, reportSchema } from '../../../../src/contracts/documents/api.ts';
import type { Cost } from '../../../../src/contracts/documents/cost.ts';
import type { Result, Verdict } from '../../../../src/contracts/documents/result.ts';
import { result } from '../../../support/documents.ts';

/** An estimate of one vCPU and a GiB, for so many millions an hour that a million costs this. */
function estimate(usdPerMillionMessages: number, given: Partial<Cost> = {}): Cost {
  return {
    usdPerHour: 0.044925,
    usdPerMillionMessages,
    messagesPerSecond: 1_000,
    usdPerMillionMessagesAtCapacity: null,
    capacityMessagesPerSecond: null,
    basis: 'estimate-from-use',
    region: 'us-east-1',
    asOf: '2026-11-27',
    source: 'a page',
    vcpu: 1,
    memoryGib: 1,
    utilization: 0.5,
    arithmetic: [
      { item: 'vcpuHour', quantity: 1, unit: 'vCPU-hour', usdPerUnit: 0.04048, usdPerHour: 0.04048 },
      { item: 'memoryGibHour', quantity: 1, unit: 'GiB-hour', usdPerUnit: 0.004445, usdPerHour: 0.004445 },
    ],
    ...given,
  };
}

const listed = (usd: number, given: Partial<Cost> = {}) =>
  estimate(usd, { basis: 'list-price', vcpu: null, memoryGib: null, utilization: null, ...given });

const met: Verdict = { metric: 'messages.lost', atMost: 0, measured: 0, verdict: 'met', reason: 'met' };

function entry(name: string, cost: Cost | null, given: Partial<Result> = {}): ReportEntry {
  const { technology, target } = result();
  return {
    experiment: { id: `id-${name}`, name, technology, target, emulated: false, outcome: 'completed' },
    result: result({ name, cost, verdicts: [met], ...given }),
    failure: null,
  };
}

const report = (...entries: ReportEntry[]): Report =>
  buildReport({ title: 'costs', comparisonId: null, generatedAt: new Date('2026-11-27'), entries });

const advice = (...entries: ReportEntry[]) => report(...entries).recommendation;

test('of several that meet all, the cheapest is advised', () => {
  expect(advice(entry('A', estimate(0.02)), entry('B', estimate(0.01)), entry('C', estimate(0.03)))).toEqual({
    columns: [1],
    reasons: [
      'B is the cheapest of the 3 variants that meet all requirements: per million messages B $0.01, against A $0.02, C $0.03 (estimated from what each used, without storage and traffic).',
    ],
  });
});

test('estimates that are within a quarter of each other decide nothing, list prices do', () => {
  const same = advice(entry('A', estimate(0.0124)), entry('B', estimate(0.01)));
  expect(same?.columns).toEqual([0, 1]);
  expect(same?.reasons).toEqual([
    expect.stringMatching('nothing here tells which is better'),
    'They cost about the same per million messages: B $0.01, A $0.0124 (estimated from what each used, without storage and traffic).',
  ]);
  expect(advice(entry('A', estimate(0.0126)), entry('B', estimate(0.01)))?.columns).toEqual([1]);
  expect(advice(entry('A', listed(0.0124)), entry('B', listed(0.01)))?.columns).toEqual([1]);
});

test('an estimate from a slower machine may be dearer by as much for that alone', () => {
  const on = (loopMillionsPerSecond: number): Partial<Result> => ({
    environment: {
      ...result().environment,
      host: {
        cpuModel: 'one',
        cpuCount: 2,
        memoryBytes: 1e9,
        kernel: 'linux',
        calibration: {
          loopMillionsPerSecond,
          hashMegabytesPerSecond: loopMillionsPerSecond,
          copyMegabytesPerSecond: 8_000,
          fsyncP50Ms: null,
        },
      },
    },
  });
  const chosen = (loopOfA: number, loopOfB: number) =>
    advice(entry('A', estimate(0.02), on(loopOfA)), entry('B', estimate(0.01), on(loopOfB)))?.columns;
  const three = advice(
    entry('A', estimate(0.01), on(600)),
    entry('B', estimate(0.013), on(600)),
    entry('C', estimate(0.014), on(350)),
  );
  expect(three?.columns).toEqual([0, 2]);
  expect(three?.reasons.join()).toContain('A $0.01, C $0.014, against B $0.013');
  expect(chosen(600, 600)).toEqual([1]);
  expect(chosen(350, 600)).toEqual([0, 1]);
  expect(chosen(600, 350)).toEqual([1]);
});

test('the dearest is left out where the others cost the same', () => {
  const two = advice(entry('A', estimate(0.01)), entry('B', estimate(0.011)), entry('C', estimate(0.1)));
  expect(two?.columns).toEqual([0, 1]);
  expect(two?.reasons[0]).toMatch(/^A and B are the cheapest of the 3 variants .* against C \$0\.1 /);
});

test.each<[string, Cost | null, string, Partial<Result>?]>([
  ['of another basis', listed(0.001), 'some are list prices, others estimates from use'],
  ['of another region', estimate(0.001, { region: 'eu-west-1' }), 'their prices are of several regions'],
  ['that is not known', null, 'that of B is not known'],
  [
    'of another machine',
    estimate(0.001),
    'the machines differ on which they were used',
    {
      environment: {
        ...result().environment,
        host: { cpuModel: 'other', cpuCount: 4, memoryBytes: 1e9, kernel: 'linux', calibration: null },
      },
    },
  ],
  [
    'of another load',
    estimate(0.001),
    'the loads differ',
    { spec: { ...result().spec, workload: { ...result().spec.workload, messageSizeBytes: 100 } } },
  ],
])('a cost %s cannot be compared, which is said', (_, cost, reason, given = {}) => {
  const advised = advice(entry('A', estimate(0.02)), entry('B', cost, given));
  expect(advised?.columns).toEqual([0, 1]);
  expect(advised?.reasons.at(-1)).toBe(`Their costs cannot be compared: ${reason}.`);
});

test('what misses a requirement, or is emulated, is never advised for its price', () => {
  const missed: Verdict = { ...met, measured: 3, verdict: 'not-met' };
  const cheap = entry('B', estimate(0.001), { verdicts: [missed] });
  expect(advice(entry('A', estimate(0.02)), cheap)?.columns).toEqual([0]);
});

test('costs stand in a table, with their arithmetic in the notes', () => {
  const kinesis = listed(0.0307, { usdPerMillionMessagesAtCapacity: 0.0182, usdPerHour: 0.1104 });
  const built = report(entry('A', estimate(0.01248)), entry('B', kinesis));
  expect(reportSchema.parse(built)).toEqual(built);
  const text = reportMarkdown(built);
  expect(text).toMatch(/\| A +\| estimate from use \| +1,000 \| +\$0\.04493 \| +\$0\.01248 \| +– \|/);
  expect(text).toMatch(/\| B +\| list prices +\| +1,000 \| +\$0\.1104 \| +\$0\.0307 \| +\$0\.0182 \|/);
  expect(built.notes).toContain(
    'The costs cannot be compared: list prices have storage, traffic and operation in them, estimates from use have not.',
  );
  expect(built.notes).toContain(
    'Cost of A: An estimate from what its processes used on this machine: 0.5 cores for 1,000 messages/s, so about 1 vCPU that are busy 50% of the time, with the 1 GiB of memory that it had at most. Storage, traffic and spare machines are not in it. 1 × $0.04048 per vCPU-hour + 1 × $0.004445 per GiB-hour = $0.04493 an hour; 1,000 messages/s are 3.6 million an hour, so $0.01248 per million. Prices of us-east-1 as noted on 2026-11-27 (a page): check them.',
  );
});

test('a report of results that know no cost has neither table nor note of it', () => {
  const built = report(entry('A', null), entry('B', null));
  expect(built.notes.filter((note) => /cost/i.test(note))).toEqual([]);
  expect(reportMarkdown(built)).not.toMatch(/Cost of|## Cost|\$/);
});

test('of several runs the one in the middle is told', () => {
  const runs = [0.03, 0.01, 0.02].map((usd, index) => ({
    ...entry(`A #${index}`, estimate(usd)),
    run: { variant: 0, name: 'A', repetition: index + 1 },
  }));
  const [column] = report(...runs, entry('B', null)).columns;
  expect(column?.cost?.usdPerMillionMessages).toBe(0.02);
  expect(report(...runs).notes.at(-1)).toMatch(/^Cost of A \(the run in the middle of 3 runs\): An estimate/);
});

test('prices have four digits, as they are published', () => {
  expect([0.01404, 0.000012345, 1_234.56, 0, null].map(formatUsd)).toEqual([
    '$0.01404',
    '$0.00001235',
    '$1,235',
    '$0',
    '–',
  ]);
});
