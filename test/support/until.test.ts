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
