import { expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { failureTypes } from '../../../src/contracts/temporal/control-activities.ts';
import { backoffMs, operatorNoticeAfter } from '../../../workflows/experiment/destroy-until-gone.ts';
import { terraformFailed } from '../support/fake-world.ts';

const now = Date.UTC(2026, 10, 26);
const inSeconds = (seconds: number) => new Date(now + seconds * 1_000).toISOString();

const inUse = terraformFailed('the stream is in use');
const mend = ['Remove what stands in the way, then retry the destroy; it is also retried by itself.'];
const locked = (detail: unknown) =>
  ApplicationFailure.create({
    message: 'the state is locked',
    type: failureTypes.operatorNeeded,
    details: [detail],
  });

test.each([
  ['a first failure is tried again', inUse, 1, null],
  ['so is a second', inUse, 2, null],
  [
    'a third asks for a person',
    inUse,
    3,
    { reason: 'the stream is in use', actions: mend, attempts: 3, nextRetryAt: inSeconds(4) },
  ],
  [
    'much later, the next try is five minutes away',
    inUse,
    500,
    { reason: 'the stream is in use', actions: mend, attempts: 500, nextRetryAt: inSeconds(300) },
  ],
  [
    'what only a person can decide asks at once',
    locked({ reason: 'locked by a dead host', actions: ['confirm'] }),
    1,
    { reason: 'locked by a dead host', actions: ['confirm'], attempts: 1, nextRetryAt: inSeconds(1) },
  ],
  [
    'a reason without actions gets the usual one',
    locked({ reason: 'locked by a dead host', actions: [] }),
    1,
    { reason: 'locked by a dead host', actions: mend, attempts: 1, nextRetryAt: inSeconds(1) },
  ],
  [
    'without details, the message is the reason',
    locked(undefined),
    1,
    { reason: 'the state is locked', actions: mend, attempts: 1, nextRetryAt: inSeconds(1) },
  ],
])('%s', (_title, error, failures, expected) => {
  expect(operatorNoticeAfter(error, failures, now, 3)).toEqual(expected);
});

test('the wait doubles from a second up to five minutes', () => {
  expect([0, 1, 2, 3, 9, 10, 1_000].map((failures) => backoffMs(failures) / 1_000)).toEqual([
    1, 1, 2, 4, 256, 300, 300,
  ]);
});
