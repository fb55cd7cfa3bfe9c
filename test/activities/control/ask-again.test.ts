import { expect, test } from '@jest/globals';
import { askAgainMs } from '../../../activities/control/ask-again.ts';

test.each([
  ['alone, about ten minutes', 0, 0, 450],
  ['alone, at most', 0, 1, 750],
  ['with a hundred, no less', 100, 0.5, 600],
  ['of ten thousand, one in six seconds', 10_000, 0.5, 60_000],
])('a waiter asks again: %s', (_title, waiting, random, seconds) => {
  expect(askAgainMs(waiting, random) / 1_000).toBe(seconds);
});
