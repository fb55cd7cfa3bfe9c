import { expect, test } from '@jest/globals';
import { capacityOfRuns, foundNone, isDisputed, nextTried } from '../../../src/analysis/rates/capacity.ts';
import type { Probe } from '../../../src/contracts/documents/progress.ts';
import { type Result, resultSchema } from '../../../src/contracts/documents/result.ts';
import { result } from '../../support/documents.ts';

const probe = (messagesPerSecond: number, sustained: boolean, hold = false): Probe => ({
  messagesPerSecond,
  seconds: 5,
  sustained,
  hold,
  reason: sustained ? 'sustained' : `too much at ${messagesPerSecond}`,
  producedMessagesPerSecond: messagesPerSecond,
  consumedMessagesPerSecond: messagesPerSecond,
  backlogGrowthPerSecond: null,
  endToEndP99Ms: null,
  limited: false,
});

/** A run that found a rate, below one that failed; without the latter it was the highest to try. */
function run(found: number | null, failed: number[] = [], given: Partial<Result> = {}): Result {
  const probes = [...failed.map((rate) => probe(rate, false)), ...(found ? [probe(found, true, true)] : [])];
  return result({ capacity: { sustainableMessagesPerSecond: found, probes }, ...given });
}

const failure = {
  code: 'provision-failed',
  phase: 'provisioning',
  message: 'no port',
  diagnostics: [],
} as never;

test.each<[string, Result[], number | null]>([
  ['one that failed before it searched', [run(40_000, [42_000]), run(null, [], { failure })], 40_000],
  ['one that was cut short', [run(40_000, [42_000]), run(null, [80_000], { partial: true })], 40_000],
  ['one whose search did not end', [run(40_000, [42_000]), run(null)], 40_000],
  ['one of two that found none', [run(40_000, [42_000]), run(null, [10_000])], null],
  ['one of three that found none', [run(null, [10]), run(40_000, [42_000]), run(30_000, [31_000])], 30_000],
  ['two of four that found none', [run(null, [10]), run(null, [10]), run(4_000), run(3_000)], null],
  ['two that differ', [run(40_000, [42_000]), run(30_000, [31_000])], 35_000],
])('the capacity of runs with %s', (_, results, expected) => {
  const capacity = capacityOfRuns(results);
  expect(capacity?.sustainableMessagesPerSecond).toBe(expected);
  expect(resultSchema.shape.capacity.parse(capacity)).toEqual(capacity);
});

test('runs that did not search have none', () => expect(capacityOfRuns([result()])).toBeNull());

test('how many found none is said, of those whose search ended', () => {
  expect(foundNone([run(40_000), run(null, [10]), run(null, [], { failure })])).toBe(
    '1 of 2 runs found no rate that is sustained',
  );
  expect(foundNone([run(40_000)])).toBeNull();
});

test.each<[string, Result[], unknown]>([
  ['the rate that failed', [run(1_000, [500, 4_000, 2_000])], { messagesPerSecond: 2_000 }],
  ['the highest', [run(1_000)], 'it was the highest rate to try'],
  ['nothing where the search was cancelled', [run(null)], 'the search did not end'],
  [
    // The first run went to the highest rate; the one in the middle did not.
    'what failed in the run in the middle',
    [run(9_000), run(5_000, [5_500]), run(4_000, [4_400])],
    { messagesPerSecond: 5_500 },
  ],
  ['a failure above what its own run found', [run(30, [33]), run(40, [35, 44])], { messagesPerSecond: 44 }],
  [
    'nothing where runs contradict each other',
    [run(9_000), run(null, [10])],
    expect.stringMatching('others none'),
  ],
])('after a capacity comes %s', (_, results, expected) => {
  const capacity = capacityOfRuns(results);
  const next = capacity && nextTried(capacity);
  if (typeof next === 'string') expect(next).toEqual(expected);
  else expect(next).toMatchObject(expected as object);
});

test('runs that found none are no limit of one that found a rate', () => {
  const [found, none] = [run(9_000), run(null, [10])].map((one) => capacityOfRuns([one]));
  const both = capacityOfRuns([run(9_000), run(null, [10])]);
  expect([found, none, both].map((one) => one && isDisputed(one))).toEqual([false, false, true]);
});
