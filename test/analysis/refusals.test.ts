import { expect, test } from '@jest/globals';
import { Refusals } from '../../loadgen/threads/refusals.ts';
import {
  allRefusals,
  mergeRefusals,
  nothingAcknowledged,
  refusalsInWords,
} from '../../src/analysis/refusals.ts';
import type { Refusal } from '../../src/contracts/documents/load-parts.ts';

const failed = (reason: string, messages: number): Refusal => ({ reason, outcome: 'failed', messages });
const inDoubt = (reason: string, messages: number): Refusal => ({
  reason,
  outcome: 'indeterminate',
  messages,
});

test('those of several producers are added up, the most frequent first', () => {
  expect(
    mergeRefusals([
      [failed('MESSAGE_TOO_LARGE', 2), inDoubt('REQUEST_TIMED_OUT', 4)],
      [failed('MESSAGE_TOO_LARGE', 3)],
    ]),
  ).toEqual([failed('MESSAGE_TOO_LARGE', 5), inDoubt('REQUEST_TIMED_OUT', 4)]);
});

test('however many reasons there are, few are told apart, and none is dropped', () => {
  const refusals = new Refusals();
  for (let number = 0; number < 1_000; number++) refusals.add('failed', 1, `reason ${number}`);
  refusals.add('failed', 7, 'reason 0');
  refusals.add('indeterminate', 3, 'x'.repeat(10_000));
  refusals.add('failed', 0, 'never');
  const list = refusals.list();
  expect(list.length).toBeLessThan(25);
  expect(list.reduce((total, { messages }) => total + messages, 0)).toBe(1_010);
  expect(list).toContainEqual(failed('reason 0', 8));
  const merged = mergeRefusals([list, Array.from({ length: 500 }, (_, n) => failed(`elsewhere ${n}`, 1))]);
  expect(merged.length).toBeLessThan(25);
  expect(merged.reduce((total, { messages }) => total + messages, 0)).toBe(1_510);
});

test('what was never answered is in doubt, and said to be', () => {
  expect(allRefusals([inDoubt('REQUEST_TIMED_OUT', 4)], { indeterminate: 10 })).toEqual([
    inDoubt('no answer before the measurement ended', 6),
    inDoubt('REQUEST_TIMED_OUT', 4),
  ]);
  expect(allRefusals([], { indeterminate: 0 })).toEqual([]);
});

test.each<[{ sent: number; failed: number }, Refusal[], string]>([
  [
    { sent: 15, failed: 15 },
    [failed('MESSAGE_TOO_LARGE', 15)],
    'all 15 messages failed: MESSAGE_TOO_LARGE (15)',
  ],
  [{ sent: 1, failed: 1 }, [failed('INVALID_RECORD', 1)], 'all 1 message failed: INVALID_RECORD (1)'],
  [
    { sent: 2_000, failed: 500 },
    [inDoubt('REQUEST_TIMED_OUT', 1_500), failed('NOT_ENOUGH_REPLICAS', 500)],
    'none of 2,000 messages was acknowledged: REQUEST_TIMED_OUT (1,500), NOT_ENOUGH_REPLICAS (500)',
  ],
  [{ sent: 3, failed: 0 }, [], 'none of 3 messages was acknowledged'],
])('where %j and nothing was acknowledged, it says so', (messages, refusals, words) => {
  expect(nothingAcknowledged(messages, refusals)).toBe(words);
});

test('many reasons are shortened', () => {
  const many = ['A', 'B', 'C', 'D', 'E'].map((reason, index) => failed(reason, 5 - index));
  expect(refusalsInWords(many)).toBe('A (5), B (4), C (3), 2 other reasons');
});
