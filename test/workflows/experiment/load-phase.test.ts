import { expect, test } from '@jest/globals';
import { ActivityFailure, CancelledFailure, RetryState } from '@temporalio/common';
import { tellingFailure } from '../../../workflows/experiment/load-phase.ts';
import { sessionLost } from '../support/fake-world.ts';

const ofActivity = (cause: Error) =>
  new ActivityFailure('failed', 'produce', '1', RetryState.NON_RETRYABLE_FAILURE, undefined, cause);

const lost = ofActivity(sessionLost());
const lostToo = ofActivity(new Error('the topic does not exist'));
const stopped = ofActivity(new CancelledFailure('stopped'));
const broken = new Error('a defect');

test.each([
  ['the only one', [lost], lost],
  ['the lost participant, not those that were stopped for its sake', [stopped, lost, stopped], lost],
  ['the first of several', [lost, lostToo], lost],
  ['a cancellation where there is nothing else', [stopped], stopped],
  ['the lost participant before a defect of ours', [broken, lost], lost],
  ['the first where none is of an activity', [broken, stopped], broken],
])('of the failures of a measurement, %s tells', (_title, failures, expected) => {
  expect(tellingFailure(failures)).toBe(expected);
});
