import { describe, expect, test } from '@jest/globals';
import { latencyOf, mergeHistograms } from '../../src/analysis/latency/histograms.ts';
import { type RatesTried, searchInVain, untriedBound } from '../../src/analysis/rates/untried.ts';
import { formatRate } from '../../src/analysis/report/format.ts';
import { overallVerdict, verdictsOn } from '../../src/analysis/verdicts.ts';
import type { Measurement } from '../../src/contracts/documents/metrics.ts';
import type { Probe } from '../../src/contracts/documents/progress.ts';
import type { Verdict } from '../../src/contracts/documents/result.ts';
import type { Requirement } from '../../src/contracts/input/requirement.ts';
import { experimentSpec, latency, measurement } from '../support/documents.ts';
import { histogram } from '../support/load-parts.ts';

const real = { measurement: measurement(), emulated: false, partial: false, limited: false, moving: null };
const p99 = (atMost: number): Requirement => ({ metric: 'latency.endToEnd.p99Ms', atMost });
const consumed = (atLeast: number): Requirement => ({
  metric: 'throughput.consumed.messagesPerSecond',
  atLeast,
});
const lost: Requirement = { metric: 'messages.lost', atMost: 0 };

test.each<[string, Requirement, Partial<typeof real>, Verdict['verdict'], string]>([
  ['below a bound', p99(50), {}, 'met', '12.3 ms is at most 50 ms'],
  ['on a bound', p99(12.34), {}, 'met', '12.3 ms is at most 12.3 ms'],
  ['above a bound', p99(10), {}, 'not-met', '12.3 ms is not at most 10 ms'],
  ['above a least', consumed(990), {}, 'met', '999.5 messages/s is at least 990 messages/s'],
  ['below a least', consumed(1_000), {}, 'not-met', '999.5 messages/s is not at least 1,000 messages/s'],
  ['a count', lost, {}, 'met', '0 is at most 0'],
  [
    'speed on an emulator',
    p99(1),
    { emulated: true },
    'undecided',
    '12.3 ms on an emulator says nothing of the real product',
  ],
  ['a count on an emulator', lost, { emulated: true }, 'met', '0 is at most 0, by an emulator'],
  [
    'speed cut short',
    consumed(990),
    { partial: true },
    'undecided',
    '999.5 messages/s, but the measurement was cut short',
  ],
  ['a count cut short', lost, { partial: true }, 'undecided', '0, but the measurement was cut short'],
])('%s', (_, requirement, evidence, verdict, reason) => {
  const [judged] = verdictsOn([requirement], { ...real, ...evidence });
  expect(judged).toMatchObject({ ...requirement, verdict, reason });
});

test('what was not measured is not judged, and never 0', () => {
  expect(verdictsOn([p99(50)], { ...real, measurement: null, partial: true })).toEqual([
    { ...p99(50), measured: null, verdict: 'not-measured', reason: 'nothing was measured' },
  ]);
});

const messages = (given: Partial<Measurement['messages']>) => ({ ...measurement().messages, ...given });
/** Of microseconds; the same few values over and over. */
const measuredLatency = (count: number, ...microseconds: number[]) =>
  latencyOf(
    mergeHistograms([
      histogram(...Array.from({ length: count }, (_, n) => microseconds[n % microseconds.length] as number)),
    ]),
  );
const unsent: Requirement = { metric: 'messages.unsent', atMost: 0 };
const failed: Requirement = { metric: 'messages.failed', atMost: 0 };
const duplicated: Requirement = { metric: 'messages.duplicated', atMost: 0 };

test('a product that stops half way does not meet a bound on a latency', () => {
  const halfDead = measurement({
    messages: messages({
      scheduled: 10_000,
      sent: 10_000,
      acknowledged: 5_000,
      indeterminate: 5_000,
      received: 5_000,
    }),
    latency: {
      publish: measuredLatency(5_000, 12_000),
      publishScheduled: measuredLatency(5_000, 12_000),
      endToEnd: measuredLatency(5_000, 12_000),
    },
  });
  const [byArrival, byConfirmation, byMaximum, byMedian] = verdictsOn(
    [
      p99(50),
      { metric: 'latency.publish.p99Ms', atMost: 50 },
      { metric: 'latency.endToEnd.maxMs', atMost: 50 },
      { metric: 'latency.endToEnd.p50Ms', atMost: 50 },
    ],
    { ...real, measurement: halfDead },
  );
  expect(byArrival).toMatchObject({
    verdict: 'not-met',
    measured: null,
    reason: 'only 5,000 of 10,000 messages arrived, so p99 is later than any of them',
  });
  expect(byConfirmation).toMatchObject({
    verdict: 'not-met',
    reason: 'only 5,000 of 10,000 messages were confirmed, so p99 is later than any of them',
  });
  expect(byMaximum).toMatchObject({ verdict: 'not-met' });
  // The median is just the last of those that arrived.
  expect(byMedian).toMatchObject({ verdict: 'met', measured: expect.closeTo(12, 0) });
});

test('what is missing is later than any that arrived, so a percentile moves up by as much', () => {
  // 2% of these take 80 ms, 98% take 10 ms.
  const slow = Array.from({ length: 50 }, (_, n) => (n === 0 ? 80_000 : 10_000));
  const withMissing = (missing: number) =>
    measurement({
      messages: messages({
        scheduled: 10_000,
        sent: 10_000,
        acknowledged: 10_000,
        received: 10_000 - missing,
        lost: missing,
      }),
      latency: { ...measurement().latency, endToEnd: measuredLatency(10_000 - missing, ...slow) },
    });
  const p97 = (missing: number, partial = false) =>
    verdictsOn([{ metric: 'latency.endToEnd.p95Ms', atMost: 20 }], {
      ...real,
      partial,
      measurement: withMissing(missing),
    })[0];
  expect(p97(0)).toMatchObject({ verdict: 'met', reason: '10 ms is at most 20 ms' });
  const why = 'the 400 of 10,000 messages that never arrived being later than any';
  expect(p97(400)?.reason).toBe(`80.1 ms is not at most 20 ms, ${why}`);
  expect(p97(400, true)?.reason).toBe(`80.1 ms, ${why}, but the measurement was cut short`);
  expect(p97(400)).toMatchObject({ verdict: 'not-met', measured: expect.closeTo(80, 0) });
  expect(p97(600)).toMatchObject({ verdict: 'not-met', measured: null });
});

test.each([
  [9_999, 'p999Ms', 'undecided'],
  [10_000, 'p999Ms', 'met'],
  [99_999, 'p9999Ms', 'undecided'],
  [999, 'p99Ms', 'undecided'],
  [1_000, 'p99Ms', 'met'],
  [200, 'p95Ms', 'met'],
  [19, 'p50Ms', 'undecided'],
  [1, 'maxMs', 'met'],
] as const)('a percentile needs ten messages beyond it: %i messages and %s', (count, number, verdict) => {
  const few = measurement({
    messages: messages({ scheduled: count, sent: count, acknowledged: count, received: count }),
    latency: { ...measurement().latency, endToEnd: latency({ count }) },
  });
  const requirement: Requirement = { metric: `latency.endToEnd.${number}`, atMost: 1_000 };
  expect(verdictsOn([requirement], { ...real, measurement: few })).toMatchObject([{ verdict }]);
});

test('a limited load generator leaves open what the product was too slow for, and nothing else', () => {
  const slow = { ...real, limited: true };
  const verdict = (requirement: Requirement, evidence: typeof slow = slow) =>
    verdictsOn([requirement], evidence)[0];
  expect(verdict(p99(10))).toMatchObject({
    verdict: 'undecided',
    reason: '12.3 ms is not at most 10 ms, but the load generator was the limit: the product may do better',
  });
  expect(verdict(p99(50))).toMatchObject({ verdict: 'met' });
  expect(verdict(consumed(1_000))).toMatchObject({ verdict: 'undecided' });
  const withCounts = (given: Partial<Measurement['messages']>) => ({
    ...slow,
    measurement: measurement({ messages: messages(given) }),
  });
  expect(verdict(unsent, withCounts({ unsent: 10 }))).toMatchObject({ verdict: 'undecided' });
  // What is confirmed too late is sent again.
  expect(verdict(duplicated, withCounts({ duplicated: 3 }))).toMatchObject({ verdict: 'undecided' });
  // Refusals are the product's own.
  const refused = measurement({
    messages: messages({ acknowledged: 400, failed: 19_600, received: 400 }),
    latency: { ...measurement().latency, endToEnd: measuredLatency(400, 3_000) },
  });
  expect(verdict(p99(1_000), { ...slow, measurement: refused })).toMatchObject({ verdict: 'not-met' });
});

test('what the product refused it refused, however slow the load generator', () => {
  const bound = (metric: string, of: { atMost: number } | { atLeast: number }) =>
    ({ metric, ...of }) as Requirement;
  const judge = (requirement: Requirement, given: Partial<Measurement['messages']>) => {
    const counts = messages({ scheduled: 20_000, sent: 20_000, lost: 0, ...given });
    const perSecond = counts.acknowledged / 20;
    const rate = { messagesPerSecond: perSecond, bytesPerSecond: perSecond * 100 };
    const latencies = { ...measurement().latency, endToEnd: latency({ count: counts.received }) };
    const measured = measurement({
      durationSeconds: 20,
      messages: counts,
      throughput: { produced: rate, consumed: rate },
      latency: latencies,
    });
    return verdictsOn([requirement], { ...real, limited: true, measurement: measured })[0]?.verdict;
  };
  const refused = { failed: 19_600, acknowledged: 400, received: 400 };
  const unsentToo = { unsent: 300, sent: 19_700, failed: 100, acknowledged: 19_600, received: 19_600 };
  const inDoubt = { indeterminate: 19_600, acknowledged: 400, received: 400 };
  const all = [
    [bound('messages.failed', { atMost: 0 }), refused, 'not-met'],
    [bound('messages.acknowledged', { atLeast: 20_000 }), refused, 'not-met'],
    [bound('messages.received', { atLeast: 20_000 }), refused, 'not-met'],
    [bound('latency.endToEnd.count', { atLeast: 20_000 }), refused, 'not-met'],
    [bound('throughput.produced.messagesPerSecond', { atLeast: 1_000 }), refused, 'not-met'],
    [bound('throughput.consumed.bytesPerSecond', { atLeast: 100_000 }), refused, 'not-met'],
    [bound('messages.throttled', { atMost: 0 }), { throttled: 5 }, 'not-met'],
    // 300 that were never sent may have been taken, and 100 are more than these bounds leave.
    [bound('messages.acknowledged', { atLeast: 19_950 }), unsentToo, 'not-met'],
    [bound('messages.acknowledged', { atLeast: 19_900 }), unsentToo, 'undecided'],
    [bound('throughput.produced.messagesPerSecond', { atLeast: 996 }), unsentToo, 'not-met'],
    [bound('throughput.produced.messagesPerSecond', { atLeast: 995 }), unsentToo, 'undecided'],
    [bound('messages.unsent', { atMost: 0 }), unsentToo, 'undecided'],
    // A load generator that was held up may have missed the confirmation.
    [bound('messages.indeterminate', { atMost: 0 }), inDoubt, 'undecided'],
    [bound('messages.acknowledged', { atLeast: 20_000 }), inDoubt, 'undecided'],
  ] as const;
  expect(all.map(([requirement, given]) => judge(requirement, given))).toEqual(
    all.map(([, , verdict]) => verdict),
  );
});

test('what came too late to have a rate is no evidence against the product', () => {
  const none = { messagesPerSecond: 0, bytesPerSecond: 0 };
  const requirement = { metric: 'throughput.consumed.bytesPerSecond', atLeast: 100_000 };
  const late = measurement({ throughput: { produced: none, consumed: none } });
  expect(verdictsOn([requirement], { ...real, limited: true, measurement: late })).toMatchObject([
    { verdict: 'undecided' },
  ]);
});

const stillFalling = 'latency was still falling: the p50 of the second half is 40% below the first';

test.each<[string, 'better' | 'worse', Requirement, string]>([
  ['what was still getting faster may yet keep a bound that it missed', 'better', p99(10), 'undecided'],
  ['and keeps one that it kept', 'better', p99(50), 'met'],
  ['a rate too', 'better', consumed(1_000), 'undecided'],
  [
    'and the other way round where slowness is asked for',
    'better',
    { metric: 'latency.endToEnd.p99Ms', atLeast: 5 },
    'undecided',
  ],
  ['what was getting slower may yet miss a bound that it kept', 'worse', p99(50), 'undecided'],
  ['and misses one that it missed', 'worse', p99(10), 'not-met'],
  ['counts are what they are', 'better', unsent, 'not-met'],
  ['also of what gets slower', 'worse', lost, 'met'],
])('%s', (_, moving, requirement, verdict) => {
  const moved = {
    ...real,
    moving,
    measurement: measurement({
      messages: messages({ unsent: 3 }),
      steady: false,
      steadyReason: stillFalling,
    }),
  };
  expect(verdictsOn([requirement], moved)[0]?.verdict).toBe(verdict);
});

test('a verdict that is left open says which way it went', () => {
  const falling = {
    ...real,
    moving: 'better' as const,
    measurement: measurement({ steady: false, steadyReason: stillFalling }),
  };
  expect(verdictsOn([p99(10)], falling)[0]?.reason).toBe(`12.3 ms is not at most 10 ms, but ${stillFalling}`);
});

test('on an emulator nothing that follows from its speed is decided', () => {
  const emulator = (given: Partial<Measurement['messages']>) => ({
    ...real,
    emulated: true,
    measurement: measurement({ messages: messages(given) }),
  });
  const verdicts = (requirements: Requirement[], given: Partial<Measurement['messages']>) =>
    verdictsOn(requirements, emulator(given)).map(({ verdict }) => verdict);
  expect(verdicts([failed, unsent, lost], { failed: 120, unsent: 7, lost: 3 })).toEqual(
    Array(3).fill('undecided'),
  );
  expect(verdicts([failed, unsent], {})).toEqual(['undecided', 'undecided']);
  expect(verdicts([{ metric: 'durationSeconds', atLeast: 10 }], {})).toEqual(['undecided']);
  expect(verdicts([duplicated], { duplicated: 1 })).toEqual(['undecided']);
  expect(verdictsOn([lost], emulator({ lost: 0 }))).toMatchObject([
    { verdict: 'met', reason: '0 is at most 0, by an emulator' },
  ]);
});

test('where nothing was acknowledged, nothing could be measured, and no bound is met', () => {
  const refused = measurement({ messages: messages({ acknowledged: 0, failed: 20_000, received: 0 }) });
  for (const requirement of [lost, p99(50), duplicated, { metric: 'messages.failed', atMost: 0 }]) {
    expect(verdictsOn([requirement], { ...real, measurement: refused })).toMatchObject([
      {
        verdict: 'not-measured',
        reason: expect.stringContaining('none of 20,000 messages was acknowledged'),
      },
    ]);
  }
});

test('what was acknowledged and never arrives meets no bound', () => {
  const nothingReceived = measurement({
    messages: messages({ received: 0, lost: 20_000, reordered: 0 }),
    latency: { ...measurement().latency, endToEnd: latencyOf(mergeHistograms([])) },
  });
  expect(verdictsOn([p99(50)], { ...real, measurement: nothingReceived })).toMatchObject([
    { verdict: 'not-met' },
  ]);
  const ofArrivals = [duplicated, { metric: 'messages.reordered', atMost: 0 }];
  for (const requirement of ofArrivals) {
    expect(verdictsOn([requirement], { ...real, measurement: nothingReceived })).toMatchObject([
      { verdict: 'not-measured', reason: expect.stringContaining('no message arrived') },
    ]);
  }
});

test.each<[string, number, Requirement, string]>([
  ['p99Ms', 100.4, { metric: 'latency.endToEnd.p99Ms', atMost: 100 }, '100.4 ms is not at most 100 ms'],
  ['p99Ms', 100.0004, { metric: 'latency.endToEnd.p99Ms', atMost: 100 }, '100.0004 ms is not at most 100 ms'],
  ['rate', 4_999.97, consumed(5_000), '4,999.97 messages/s is not at least 5,000 messages/s'],
])(
  'a value and a bound are shown with as many digits as tell them apart: %s %d',
  (kind, value, requirement, reason) => {
    const measured = measurement();
    if (kind === 'rate') measured.throughput.consumed.messagesPerSecond = value;
    else measured.latency.endToEnd = latency({ p99Ms: value });
    expect(verdictsOn([requirement], { ...real, measurement: measured })).toMatchObject([
      { verdict: 'not-met', reason },
    ]);
  },
);

test.each<[Verdict['verdict'][], ReturnType<typeof overallVerdict>]>([
  [[], null],
  [['met', 'met'], 'met'],
  [['met', 'undecided'], 'undecided'],
  [['met', 'not-measured'], 'undecided'],
  [['undecided', 'not-met', 'met'], 'not-met'],
])('%j together are %s', (verdicts, overall) => {
  const full = verdicts.map((verdict) => ({ metric: 'messages.lost', measured: 0, verdict, reason: '' }));
  expect(overallVerdict(full)).toBe(overall);
});

test('what a limited load generator has not received yet is no loss of the product', () => {
  const slow = measurement({
    messages: messages({
      scheduled: 10_000,
      sent: 10_000,
      acknowledged: 10_000,
      received: 9_000,
      lost: 1_000,
    }),
    latency: { ...measurement().latency, endToEnd: measuredLatency(9_000, 12_000) },
  });
  const judge = (limited: boolean) =>
    verdictsOn([lost, p99(50)], { ...real, measurement: slow, limited }).map(({ verdict }) => verdict);
  expect(judge(false)).toEqual(['not-met', 'not-met']);
  expect(judge(true)).toEqual(['undecided', 'undecided']);
  // What the product refused, it refused.
  const refusing = measurement({
    ...slow,
    messages: { ...slow.messages, acknowledged: 9_000, failed: 1_000, lost: 0 },
  });
  expect(verdictsOn([p99(50)], { ...real, measurement: refusing, limited: true })).toMatchObject([
    { verdict: 'not-met' },
  ]);
});

test('a copy that another consumer counted too hides no message that is missing', () => {
  const copied = measurement({
    messages: messages({
      scheduled: 10_000,
      sent: 10_000,
      acknowledged: 10_000,
      received: 5_000,
      lost: 5_000,
    }),
    latency: { ...measurement().latency, endToEnd: measuredLatency(10_000, 12_000) },
  });
  expect(verdictsOn([p99(50)], { ...real, measurement: copied })).toMatchObject([
    { verdict: 'not-met', measured: null },
  ]);
});

describe('a least rate that was not reached', () => {
  const tried = (given: Partial<RatesTried>): RatesTried => ({
    workload: experimentSpec({
      workload: { load: { shape: 'capacity-search', maxMessagesPerSecond: 30_000 } },
    }).workload,
    capacity: null,
    ladder: null,
    ...given,
  });
  const searched = (...failed: [at: number, limited: boolean][]) =>
    tried({
      capacity: {
        sustainableMessagesPerSecond: 20_000,
        probes: [probe(20_000, true, false), ...failed.map(([at, limited]) => probe(at, false, limited))],
      },
    });
  const constant = (messagesPerSecond: number) =>
    tried({
      workload: experimentSpec({ workload: { load: { shape: 'constant', messagesPerSecond } } }).workload,
    });

  test.each<[string, number, RatesTried, string | null]>([
    ['was asked for', 1_000, constant(1_000), null],
    ['was not asked for', 1_001, constant(1_000), 'no more than 1,000 messages/s were asked for'],
    ['lies above what the product failed at', 30_000, searched([21_000, false]), null],
    [
      'lies above what the load generator failed at',
      30_000,
      searched([21_000, true]),
      'the load generator was the limit at 21,000 messages/s',
    ],
    ['lies above what either failed at', 30_000, searched([21_000, true], [25_000, false]), null],
    [
      'lies below what the product failed at',
      22_000,
      searched([21_000, true], [25_000, false]),
      'the load generator was the limit at 21,000 messages/s',
    ],
    ['lies beyond the search', 40_000, searched(), 'no more than 20,000 messages/s were asked for'],
  ])('%s', (_, atLeast, rates, why) => {
    const [judged] = verdictsOn([consumed(atLeast)], {
      ...real,
      untried: (bound) => untriedBound(bound, rates),
    });
    expect(judged?.verdict).toBe(why === null ? 'not-met' : 'undecided');
    if (why)
      expect(judged?.reason).toBe(
        `999.5 messages/s is not at least ${formatRate(atLeast)} messages/s, but ${why}`,
      );
  });

  test.each<[string, number, RatesTried, string]>([
    ['messages.received', 20_000, constant(1_000), 'not-met'],
    ['messages.received', 40_000, constant(1_000), 'undecided'],
    ['latency.endToEnd.count', 40_000, constant(1_000), 'undecided'],
    ['messages.acknowledged', 1_000_000, searched(), 'undecided'],
    ['messages.acknowledged', 1_000_000, searched([21_000, false]), 'not-met'],
    ['messages.lost', 40_000, constant(1_000), 'not-met'],
  ])('a count too: %s of at least %d', (metric, atLeast, rates, verdict) => {
    const evidence = { ...real, untried: (bound: Requirement) => untriedBound(bound, rates) };
    const few = measurement({
      messages: messages({ received: 19_000, acknowledged: 19_000 }),
      latency: { ...measurement().latency, endToEnd: latency({ count: 19_000 }) },
    });
    expect(verdictsOn([{ metric, atLeast }], { ...evidence, measurement: few })[0]?.verdict).toBe(verdict);
  });

  test('in bytes too', () => {
    const bytes: Requirement = { metric: 'throughput.produced.bytesPerSecond', atLeast: 3_000_000 };
    const evidence = { ...real, untried: (bound: Requirement) => untriedBound(bound, constant(1_000)) };
    expect(verdictsOn([bytes], evidence)).toMatchObject([{ verdict: 'undecided' }]);
  });
});

test('a search that no rate satisfied misses the bounds on speed, unless the load generator was to blame', () => {
  const capacity = (limited: boolean) => ({
    sustainableMessagesPerSecond: null,
    probes: [2_000, 1_000].map((rate) => probe(rate, false, limited)),
  });
  const judge = (limited: boolean) =>
    verdictsOn([p99(50), lost], { ...real, measurement: null, inVain: searchInVain(capacity(limited)) });
  expect(judge(false)).toMatchObject([
    { verdict: 'not-met', measured: null, reason: 'no rate was sustained: at 1,000 messages/s it was slow' },
    { verdict: 'not-measured' },
  ]);
  expect(judge(true)).toMatchObject([{ verdict: 'not-measured' }, { verdict: 'not-measured' }]);
  expect(searchInVain(null)).toBeNull();
});

function probe(messagesPerSecond: number, sustained: boolean, limited: boolean): Probe {
  return {
    messagesPerSecond,
    seconds: 5,
    sustained,
    hold: false,
    reason: sustained ? 'sustained' : 'it was slow',
    producedMessagesPerSecond: messagesPerSecond,
    consumedMessagesPerSecond: null,
    backlogGrowthPerSecond: null,
    endToEndP99Ms: null,
    limited,
  };
}
