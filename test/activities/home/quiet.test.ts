import { expect, test } from '@jest/globals';
import { endlessAttempt } from '../../../activities/home/attempt.ts';
import { assertQuiet, untilQuiet } from '../../../activities/home/quiet.ts';
import { AttemptLostError } from '../../../src/temporal/activity-error.ts';

/** A clock that only waiting moves. */
function clock() {
  const time = { ms: 0 };
  const pause = async (ms: number) => {
    time.ms += ms;
  };
  return { time, pause };
}

test('waits until the other experiment has been measured, and says what for', async () => {
  const { time, pause } = clock();
  const reported: unknown[] = [];
  const attempt = { ending: () => null, report: (details: unknown) => void reported.push(details) };
  await untilQuiet(async () => (time.ms < 120_000 ? 'other-1' : null), attempt, pause);
  expect(time.ms).toBe(120_000);
  expect(reported[0]).toEqual({ waitsFor: 'the end of the measurement of other-1' });
});

test('who may be measured is waited for as well', async () => {
  const { time, pause } = clock();
  await untilQuiet(async () => (time.ms < 30_000 ? undefined : null), endlessAttempt, pause);
  expect(time.ms).toBe(30_000);
  const unknown = assertQuiet(async () => undefined);
  await expect(unknown).rejects.toThrow('waits for an answer to who is being measured');
  await assertQuiet(async () => null);
});

test('where nobody is measured, begins at once', async () => {
  const { time, pause } = clock();
  await untilQuiet(async () => null, endlessAttempt, pause);
  expect(time.ms).toBe(0);
});

test('waits for an hour at most', async () => {
  const { time, pause } = clock();
  await untilQuiet(async () => 'a day of measuring', endlessAttempt, pause);
  expect(time.ms).toBe(3_600_000);
});

test('an attempt that was given up waits no longer', async () => {
  const { time, pause } = clock();
  const attempt = { ending: () => (time.ms >= 3_000 ? ('lost' as const) : null), report: () => {} };
  await expect(untilQuiet(async () => 'other-1', attempt, pause)).rejects.toThrow(AttemptLostError);
  expect(time.ms).toBe(3_000);
});
