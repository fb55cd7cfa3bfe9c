import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { arrivalClock } from '../../../loadgen/drivers/arrival.ts';

test('what comes together has arrived together, and what comes later later', async () => {
  let now = 0;
  const arrivedMicros = arrivalClock(() => ++now);
  expect([arrivedMicros(), arrivedMicros()]).toEqual([1, 1]);
  await nextTurn();
  expect([arrivedMicros(), arrivedMicros()]).toEqual([2, 2]);
});
