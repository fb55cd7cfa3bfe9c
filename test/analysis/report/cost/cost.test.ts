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

/** Runs of a variant that each cost this much. */
function runs(variant: number, name: string, costs: readonly Cost[], given: Partial<Result> = {}) {
  return costs.map((cost, index) => ({
    ...entry(name, cost, given),
    experiment: { ...entry(name, cost).experiment, id: `id-${name}-${index}` },
    run: { variant, name, repetition: index + 1 },
  }));
}

/** Five runs about this price, of which no two are alike. */
const about = (usd: number) => [1.02, 0.98, 1, 1.01, 0.99].map((factor) => estimate(usd * factor));

test('of several that meet all, the cheapest is advised where chance does not explain it', () => {
  const built = advice(
    ...runs(0, 'A', about(0.011)),
    ...runs(1, 'B', about(0.01)),
    ...runs(2, 'C', about(0.03)),
  );
  expect(built).toEqual({
    columns: [1],
    reasons: [
      'B is the cheapest of the 3 variants that meet all requirements: per million messages B $0.01, against A $0.011, C $0.03 (estimated from what each used, without storage and traffic; told from chance, block by block).',
    ],
  });
});

test('estimates that differ from run to run by more decide nothing', () => {
  const noisy = [0.006, 0.03, 0.011, 0.02, 0.009].map((usd) => estimate(usd));
  const built = advice(...runs(0, 'A', noisy), ...runs(1, 'B', about(0.01)));
  expect(built?.columns).toEqual([0, 1]);
  expect(built?.reasons.at(-1)).toMatch(
    /^No detectable difference in cost per million messages: B \$0\.01, A \$0\.011 \(estimated from what each used, without storage and traffic; one of .* could have been seen\)\.$/,
  );
});

test('an estimate without its memory, which could not be seen, is not the cheaper one for it', () => {
  const blind = about(0.005).map((cost) => ({ ...cost, memoryGib: null }));
  const one = advice(...runs(0, 'A', about(0.01)), ...runs(1, 'B', blind));
  expect(one?.columns).toEqual([0, 1]);
  expect(one?.reasons.join()).toContain('Their costs cannot be compared: the memory of B could not be seen.');
  const dearer = blind.map((cost) => ({ ...cost, usdPerMillionMessages: cost.usdPerMillionMessages * 4 }));
  expect(advice(...runs(0, 'A', dearer), ...runs(1, 'B', blind))?.columns).toEqual([1]);
});

test('of runs too few to tell there is no cheapest, however far apart they are; list prices need no runs', () => {
  const single = advice(entry('A', estimate(0.02)), entry('B', estimate(0.01)));
  expect(single?.columns).toEqual([0, 1]);
  expect(single?.reasons.at(-1)).toBe(
    'No detectable difference in cost per million messages: B $0.01, A $0.02 (estimated from what each used, without storage and traffic; one run each does not tell one from chance).',
  );
  const three = advice(...runs(0, 'A', about(0.02).slice(0, 3)), ...runs(1, 'B', about(0.01).slice(0, 3)));
  expect(three?.reasons.at(-1)).toContain('3 repetitions do not tell one from chance');
  expect(advice(entry('A', listed(0.0124)), entry('B', listed(0.01)))).toEqual({
    columns: [1],
    reasons: [
      'B is the cheapest of the 2 variants that meet all requirements: per million messages B $0.01, against A $0.0124 (by list prices).',
    ],
  });
  expect(advice(entry('A', listed(0.01)), entry('B', listed(0.01)))?.reasons.at(-1)).toContain(
    'No detectable difference in cost per million messages: A $0.01, B $0.01 (by list prices; they are the same)',
  );
  const alike = advice(entry('A', listed(0.014041)), entry('B', listed(0.014042)));
  expect(alike?.columns).toEqual([0, 1]);
  expect(alike?.reasons.join()).toContain(
    'A $0.01404, B $0.01404 (by list prices; they are the same to four digits)',
  );
});

test('what a search finds is in a list price, which is told from run to run then', () => {
  const found = { capacity: { sustainableMessagesPerSecond: 1_000, probes: [] } };
  expect(advice(entry('A', listed(0.02), found), entry('B', listed(0.01), found))?.columns).toEqual([0, 1]);
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
    advice(...runs(0, 'A', about(0.015), on(loopOfA)), ...runs(1, 'B', about(0.01), on(loopOfB)));
  const three = advice(
    ...runs(0, 'A', about(0.01), on(600)),
    ...runs(1, 'B', about(0.013), on(600)),
    ...runs(2, 'C', about(0.014), on(350)),
  );
  expect(three?.columns).toEqual([0, 2]);
  expect(three?.reasons.join()).toContain('A $0.01, C $0.014, against B $0.013');
  expect(chosen(600, 600)?.columns).toEqual([1]);
  expect(chosen(350, 600)?.columns).toEqual([0, 1]);
  expect(chosen(350, 600)?.reasons.at(-1)).toContain('the machine was slower by as much');
  expect(chosen(600, 350)?.columns).toEqual([1]);
});

test('the dearest is left out where the others cost the same', () => {
  const same = [0.0101, 0.0099, 0.01, 0.0098, 0.0102].map((usd) => estimate(usd));
  const two = advice(...runs(0, 'A', about(0.01)), ...runs(1, 'B', same), ...runs(2, 'C', about(0.1)));
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

test('of several runs the one in the middle is told, of an even number halfway between two', () => {
  const priced = (...usd: number[]) =>
    runs(
      0,
      'A',
      usd.map((one) => estimate(one)),
    );
  const [column] = report(...priced(0.03, 0.01, 0.02), entry('B', null)).columns;
  expect(column?.cost?.usdPerMillionMessages).toBe(0.02);
  expect(column?.runs.map(({ usdPerMillionMessages }) => usdPerMillionMessages)).toEqual([0.03, 0.01, 0.02]);
  expect(report(...priced(0.03, 0.01, 0.02)).notes.at(-1)).toMatch(
    /^Cost of A \(the run in the middle of 3 runs\): An estimate/,
  );
  const four = report(...priced(0.03, 0.01, 0.02, 0.5));
  expect(four.columns[0]?.cost?.usdPerMillionMessages).toBeCloseTo(0.025, 10);
  expect(four.notes.at(-1)).toMatch(/^Cost of A \(halfway between the two in the middle of 4 runs\): An/);
});

test('halfway between two, the arithmetic still adds up', () => {
  const of = (vcpu: number, messagesPerSecond: number) => {
    const usdPerHour = vcpu * 0.04048;
    return estimate(usdPerHour / ((messagesPerSecond * 3_600) / 1e6), {
      vcpu,
      usdPerHour,
      messagesPerSecond,
      arithmetic: [{ item: 'vcpuHour', quantity: vcpu, unit: 'vCPU-hour', usdPerUnit: 0.04048, usdPerHour }],
    });
  };
  const [one, other] = [of(1, 1_000), of(3, 1_200)];
  const cost = report(...runs(0, 'A', [one, other])).columns[0]?.cost as Cost;
  expect(cost.usdPerMillionMessages).toBeCloseTo(
    (one.usdPerMillionMessages + other.usdPerMillionMessages) / 2,
    12,
  );
  expect(cost.vcpu).toBe(2);
  expect(cost.arithmetic[0]?.usdPerHour).toBeCloseTo(cost.usdPerHour, 12);
  expect(cost.usdPerHour / ((cost.messagesPerSecond * 3_600) / 1e6)).toBeCloseTo(
    cost.usdPerMillionMessages,
    12,
  );
  expect(cost.messagesPerSecond).toBeGreaterThan(1_000);
  expect(cost.messagesPerSecond).toBeLessThan(1_200);
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
