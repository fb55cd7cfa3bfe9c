import { expect, test } from '@jest/globals';
import { verdictOfRuns } from '../../../src/analysis/repetitions/verdict-of-runs.ts';
import type { Verdict } from '../../../src/contracts/documents/result.ts';

const p99 = 'latency.endToEnd.p99Ms';
const lost = 'messages.lost';

/** A verdict of a run that measured this; `open` is one that its own run leaves open. */
function run(metric: string, atMost: number, measured: number | null, open = false): Verdict {
  const verdict = measured !== null && measured <= atMost ? 'met' : 'not-met';
  return {
    metric,
    atMost,
    measured,
    verdict: open ? 'undecided' : verdict,
    reason: open ? 'it was cut short' : 'so it is',
  };
}

const on = (atMost: number, ...values: (number | null)[]) => values.map((value) => run(p99, atMost, value));

test.each<[string, Verdict[], Partial<Verdict>]>([
  ['all within', on(50, 20, 22, 21, 25, 24), { verdict: 'met', measured: 22, low: 20, high: 25, runs: 5 }],
  ['all beyond', on(10, 20, 22, 21, 25, 24), { verdict: 'not-met', measured: 22 }],
  ['one of five beyond', on(24.5, 20, 22, 21, 25, 24), { verdict: 'undecided', low: 20, high: 25 }],
  [
    'one of nine beyond: their median is within all the same',
    on(50, 20, 21, 22, 23, 24, 25, 26, 27, 300),
    { verdict: 'met', low: 21, high: 27 },
  ],
  ['two of nine beyond', on(50, 20, 21, 22, 23, 24, 25, 26, 270, 300), { verdict: 'undecided' }],
  [
    'messages that never came, in all',
    on(50, null, null, null, null, null),
    { verdict: 'not-met', measured: null, low: null, high: null },
  ],
  [
    'messages that never came, in one',
    on(50, 20, 21, null, 22, 23),
    { verdict: 'undecided', low: 20, high: null },
  ],
])('a latency, %s', (_, verdicts, expected) => {
  expect(verdictOfRuns(verdicts, verdicts.length)).toMatchObject(expected);
});

test('a run that says nothing could have been anything', () => {
  const open = run(p99, 50, 20, true);
  expect(verdictOfRuns([...on(50, 20, 22, 21, 25), open], 5)).toMatchObject({
    verdict: 'undecided',
    reason: 'it was cut short in 1 of 5 runs',
  });
  expect(verdictOfRuns([...on(50, 20, 21, 22, 23, 24, 25, 26, 27), open], 9)).toMatchObject({
    verdict: 'met',
  });
  expect(verdictOfRuns([...on(10, 20, 21, 22, 23, 24, 25, 26, 27), open], 9)).toMatchObject({
    verdict: 'not-met',
  });
});

test('a run that is missing could have been anything', () => {
  expect(verdictOfRuns(on(50, 20, 22, 21, 25), 5)).toMatchObject({
    verdict: 'undecided',
    runs: 4,
    reason: '1 of 5 runs measured nothing (19.1 ms to 25.2 ms in 4 runs)',
  });
});

test('what is said is of a run that it is true of', () => {
  const limited: Verdict = {
    ...run(lost, 0, 500, true),
    reason: '500 is not at most 0, but the load generator was the limit',
  };
  expect(
    verdictOfRuns([limited, run(lost, 0, 0), { ...run(lost, 0, 3), reason: '3 is not' }], 3),
  ).toMatchObject({
    verdict: 'not-met',
    measured: 3,
    reason: '3 is not in 1 of 3 runs',
  });
  const never: Verdict = { ...run(p99, 50, null), reason: 'only half arrived' };
  expect(verdictOfRuns([run(p99, 50, 20), ...Array<Verdict>(8).fill(never)], 9)).toMatchObject({
    verdict: 'not-met',
    measured: null,
    reason: 'only half arrived (beyond measure to beyond measure in 9 runs)',
  });
  // One that is open without a number may have been as bad as any.
  const open = run(p99, 50, null, true);
  expect(verdictOfRuns([...on(50, 20, 21, 22, 23), open], 5)).toMatchObject({ measured: 22, high: null });
});

test('a rate is bounded from below', () => {
  const rates = [990, 1_000, 1_010, 1_005, 995].map(
    (measured): Verdict => ({
      metric: 'throughput.consumed.messagesPerSecond',
      atLeast: 980,
      measured,
      verdict: 'met',
      reason: '',
    }),
  );
  expect(verdictOfRuns(rates, 5)).toMatchObject({ verdict: 'met', measured: 1_000 });
  const higher = rates.map((one): Verdict => ({ ...one, atLeast: 1_002 }));
  expect(verdictOfRuns(higher, 5)).toMatchObject({ verdict: 'undecided' });
});

test('a count must be kept by every run', () => {
  const losses = (...counts: number[]) => counts.map((count) => run(lost, 0, count));
  expect(verdictOfRuns(losses(0, 0, 0), 3)).toMatchObject({
    verdict: 'met',
    reason: 'so it is in all 3 runs',
  });
  expect(verdictOfRuns(losses(0, 7, 0, 9, 0, 0, 0, 0, 0), 9)).toMatchObject({
    verdict: 'not-met',
    measured: 9,
    reason: 'so it is in 2 of 9 runs',
  });
  expect(verdictOfRuns(losses(0, 0), 3)).toMatchObject({
    verdict: 'undecided',
    reason: '1 of 3 runs measured nothing',
  });
  expect(verdictOfRuns([...losses(0, 0), run(lost, 0, 0, true)], 3)).toMatchObject({ verdict: 'undecided' });
});

test('a single run decides as it always did, and runs that measured nothing decide nothing', () => {
  const one = run(p99, 50, 20);
  expect(verdictOfRuns([one], 1)).toBe(one);
  const nothing: Verdict = {
    metric: p99,
    atMost: 50,
    measured: null,
    verdict: 'not-measured',
    reason: 'nothing was measured',
  };
  expect(verdictOfRuns([nothing, nothing], 2)).toEqual(nothing);
});

test('what fewer than five runs leave open is more than what lies between them', () => {
  const two = verdictOfRuns(on(25, 20, 22), 2);
  expect(two).toMatchObject({
    verdict: 'undecided',
    measured: 21,
    reason:
      'the bound lies within what the runs leave open (12.9 ms to 34 ms in 2 runs); more repetitions may decide',
  });
  expect(verdictOfRuns(on(50, 20, 22), 2)).toMatchObject({ verdict: 'met' });
  expect(verdictOfRuns(on(10, 20, 22), 2)).toMatchObject({ verdict: 'not-met' });
  expect(verdictOfRuns(on(50, 20, 21, null), 3)).toMatchObject({
    verdict: 'undecided',
    reason: expect.stringContaining('(anything in 3 runs)'),
  });
  expect(verdictOfRuns(on(50, null, null), 2)).toMatchObject({ verdict: 'not-met' });
});
