import { expect, test } from '@jest/globals';
import { isOpenStatus } from '../../src/temporal/open-status.ts';

test.each([
  ['RUNNING', true],
  ['PAUSED', true],
  ['CONTINUED_AS_NEW', true],
  ['UNKNOWN', true],
  ['what a newer server says', true],
  ['COMPLETED', false],
  ['FAILED', false],
  ['CANCELLED', false],
  ['TERMINATED', false],
  ['TIMED_OUT', false],
  [undefined, false],
])('a workflow that is %s: %s', (status, open) => {
  expect(isOpenStatus(status)).toBe(open);
});
