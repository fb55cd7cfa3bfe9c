import { afterEach, expect, jest, test } from '@jest/globals';
import { Alarm } from '../../../loadgen/threads/alarm.ts';

afterEach(() => void jest.restoreAllMocks());

/** Waits of a thread that is one of so many: of the timers that were set, and of the naps that it took, in ms. */
async function waitsOf(threads: number, waitMs: number) {
  const timer = jest.spyOn(globalThis, 'setTimeout');
  const nap = jest.spyOn(Atomics, 'wait');
  await new Promise<void>((resolve) => new Alarm(threads).after(waitMs, resolve));
  return {
    timers: timer.mock.calls.map(([, ms]) => ms),
    naps: nap.mock.calls.map(([, , , ms]) => ms),
  };
}

test.each([
  [0, 0.1],
  [0.15, 0.15],
  [2, 0.25],
])(
  'a message that is due in %d ms is waited for in a nap of %d ms, which no timer could be',
  async (waitMs, napMs) => {
    expect(await waitsOf(1, waitMs)).toEqual({ timers: [], naps: [napMs] });
  },
);

test('a longer wait is a timer, which comes early enough for naps', async () => {
  expect(await waitsOf(1, 5.5)).toEqual({ timers: [4], naps: [] });
});

test.each([
  [0.15, 1],
  [5.5, 5],
])(
  'where threads outnumber the cores, %d ms are a timer of %d ms: their naps would take a core',
  async (waitMs, timerMs) => {
    expect(await waitsOf(10_000, waitMs)).toEqual({ timers: [timerMs], naps: [] });
  },
);
