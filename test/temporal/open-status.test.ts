import { expect, test } from '@jest/globals';
import { isOpenExperiment, isOpenStatus } from '../../src/temporal/open-status.ts';

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

test.each([
  ['experiment', 'RUNNING', true],
  ['experiment', 'TERMINATED', false],
  // Whoever gives a comparison the id of an experiment that was terminated does not bring that one back.
  ['comparison', 'RUNNING', false],
])('a %s that is %s goes on with an experiment: %s', (type, name, open) => {
  expect(isOpenExperiment({ type, status: { name } })).toBe(open);
});
