import { expect, it, jest } from '@jest/globals';
import { createFreezeDetector } from '../../../activities/home/attempt.ts';

it('a freeze is read from the clock, and is for good', () => {
  let now = 0;
  const detector = createFreezeDetector(10_000, () => now);
  const at = (ms: number) => {
    now = ms;
    return detector.tick();
  };
  expect([at(1_000), at(11_000), at(21_001), at(21_002)]).toEqual([false, false, true, true]);
});

it('does not take a clock that was set for a sleep', () => {
  const set = jest.spyOn(Date, 'now');
  try {
    const detector = createFreezeDetector(10_000);
    set.mockReturnValue(Date.now() + 3_600_000);
    expect(detector.tick()).toBe(false);
  } finally {
    set.mockRestore();
  }
});
