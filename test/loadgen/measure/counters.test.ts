import { expect, test } from '@jest/globals';
import { sumCounters, unsettledIn } from '../../../loadgen/measure/counters.ts';

test.each([
  [{ handed: 100, acknowledged: 40 }, 60],
  [{ handed: 100, acknowledged: 40, failed: 10, indeterminate: 50 }, 0],
  // Read while they are written.
  [{ handed: 100, acknowledged: 101 }, 0],
])('of %j, a client still holds %i', (counted, held) => {
  expect(unsettledIn({ ...sumCounters([]), ...counted })).toBe(held);
});
