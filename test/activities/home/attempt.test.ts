import { expect, it } from '@jest/globals';
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
