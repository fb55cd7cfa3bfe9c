import { expect, test } from '@jest/globals';
import { isLateNow } from '../../src/analysis/lateness.ts';

test.each([
  [{ ownLatenessP99Ms: 5, endToEndP99Ms: 40 }, true],
  [{ ownLatenessP99Ms: 5, endToEndP99Ms: 400 }, false],
  // As coarse as timers are.
  [{ ownLatenessP99Ms: 1.9, endToEndP99Ms: 1 }, false],
  [{ ownLatenessP99Ms: null, endToEndP99Ms: 1 }, false],
  [{ ownLatenessP99Ms: 5, endToEndP99Ms: null, publishScheduledP99Ms: 400 }, false],
  [{ ownLatenessP99Ms: 5, endToEndP99Ms: null }, true],
])('whether the generator is late now by %j: %s', (given, expected) => {
  expect(isLateNow({ publishScheduledP99Ms: null, ...given })).toBe(expected);
});
