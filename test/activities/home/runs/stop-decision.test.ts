import { expect, test } from '@jest/globals';
import { nextStop, type StopFacts } from '../../../../activities/home/runs/stop-decision.ts';

const calm: StopFacts = {
  nowMs: 100_000,
  followedSinceMs: 0,
  cancelledAtMs: null,
  askedAtMs: null,
  hardLimitAtMs: 1_000_000,
  cancelGraceMs: 60_000,
  stopAfterMs: null,
  patienceMs: 10_000,
  orphaned: false,
};
const ask = { to: 'supervisor', signal: 'SIGTERM' };

test.each<[string, Partial<StopFacts>, unknown]>([
  ['nothing is due', {}, null],
  ['cancelled, within the grace', { cancelledAtMs: 50_000 }, null],
  ['cancelled, at the end of the grace', { cancelledAtMs: 40_000 }, null],
  ['cancelled, past the grace', { cancelledAtMs: 39_999 }, ask],
  ['cancelled, where a cancellation passes', { cancelledAtMs: 0, cancelGraceMs: null }, null],
  ['within the time to wait for another', { stopAfterMs: 100_000 }, null],
  ['past the time to wait for another', { stopAfterMs: 99_999 }, ask],
  ['close to the hard limit', { hardLimitAtMs: 110_000 }, null],
  ['so close that there is only time to stop', { hardLimitAtMs: 109_999 }, ask],
  [
    'past it, without a supervisor',
    { hardLimitAtMs: 0, orphaned: true },
    { to: 'terraform', signal: 'SIGINT' },
  ],
  ['asked, and patient', { askedAtMs: 90_000, hardLimitAtMs: 0 }, null],
  ['asked in vain, but a supervisor sees to it', { askedAtMs: 89_999, hardLimitAtMs: 0 }, null],
  [
    'asked in vain, without a supervisor',
    { askedAtMs: 89_999, orphaned: true },
    { to: 'terraform', signal: 'SIGKILL' },
  ],
  ['a supervisor that is slow', { askedAtMs: 80_000 }, null],
  ['a supervisor that is stuck', { askedAtMs: 79_999 }, { to: 'supervisor', signal: 'SIGKILL' }],
])('%s', (_what, facts, order) => {
  expect(nextStop({ ...calm, ...facts })).toEqual(order);
});
