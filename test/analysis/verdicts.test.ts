import { expect, test } from '@jest/globals';
import { overallVerdict, verdictsOn } from '../../src/analysis/verdicts.ts';
import type { Verdict } from '../../src/contracts/documents/result.ts';
import type { Requirement } from '../../src/contracts/input/requirement.ts';
import { latency, measurement } from '../support/documents.ts';

const real = { measurement: measurement(), emulated: false, partial: false };
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
  ['a count on an emulator', lost, { emulated: true }, 'met', '0 is at most 0'],
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
  expect(verdictsOn([p99(50)], { measurement: null, emulated: false, partial: true })).toEqual([
    { ...p99(50), measured: null, verdict: 'not-measured', reason: 'nothing was measured' },
  ]);
  const nothingReceived = measurement();
  nothingReceived.latency.endToEnd = latency({ count: 0, p99Ms: null });
  expect(verdictsOn([p99(50)], { ...real, measurement: nothingReceived })).toEqual([
    {
      ...p99(50),
      measured: null,
      verdict: 'not-measured',
      reason: 'latency.endToEnd.p99Ms could not be measured',
    },
  ]);
});

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
