import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { until } from './until.ts';

test('answers the first truthy value', async () => {
  const answers = [undefined, null, 0, '', false, 'there', 'later'];
  expect(await until('an answer', () => answers.shift(), { everyMs: 1 })).toBe('there');
});

test('a condition that throws does not hold yet', async () => {
  let looks = 0;
  const look = async () => {
    if (++looks < 3) throw new Error('not yet');
    return looks;
  };
  expect(await until('the third look', look, { everyMs: 1 })).toBe(3);
});

test('a look that takes long is followed by a pause that is several times as long', async () => {
  const began: number[] = [];
  const ended: number[] = [];
  const look = async () => {
    began.push(performance.now());
    await delay(20);
    ended.push(performance.now());
    return began.length === 3;
  };
  await until('the third look', look);
  const [first = 0, second = 0, third = 0] = began;
  const [firstEnd = 0, secondEnd = 0] = ended;
  expect(second - firstEnd).toBeGreaterThan(3 * (firstEnd - first));
  expect(third - secondEnd).toBeGreaterThan(3 * (secondEnd - second));
});

test.each([
  ['a value', () => false, 'last seen: false'],
  [
    'an error',
    () => Promise.reject(new TypeError('no such thing')),
    'the last look threw TypeError: no such thing',
  ],
  ['a look that hangs', () => new Promise<boolean>(() => {}), 'no look came to an end'],
])(
  'a wait in vain says what it waited for, how long, and what it saw: %s',
  async (_name, condition, seen) => {
    await expect(until('rain', condition, { timeoutMs: 30, everyMs: 1 })).rejects.toThrow(
      `waited for rain, in vain for 0.03 s (${seen})`,
    );
  },
);
