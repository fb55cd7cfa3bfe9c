import { expect, test } from '@jest/globals';
import { faultPhases, faults } from '../cells/matrix.ts';
import { allowedOutcomes } from './check-cell.ts';

const either = ['completed', 'failed'];

test.each([
  ['aws-frozen', 'queued', ['completed']],
  ['aws-frozen', 'measuring', either],
  ['s3-unavailable', 'destroying', ['completed']],
  ['home-full', 'provisioning', either],
  ['stack-killed', 'uploading', ['completed']],
  ['rebooted', 'destroying', ['completed']],
  ['broker-killed', 'draining', either],
  ['activity-paused', 'provisioning', ['completed']],
  ['activity-paused', 'measuring', either],
  ['worker-killed', 'measuring', ['completed']],
  ['queue-terminated', 'measuring', ['completed']],
  ['reset-and-cancelled', 'measuring', ['cancelled']],
  ['terminated', 'measuring', [null]],
] as const)('%s while %s comes to one of %j', (fault, phase, outcomes) => {
  expect(allowedOutcomes(fault, phase)).toEqual(outcomes);
});

test('no fault fails what waits, but a lock that is there already, or what was measured', () => {
  const failing = Object.keys(faults).filter((fault) =>
    faultPhases
      .filter((phase) => ['queued', 'uploading', 'destroying'].includes(phase))
      .some(
        (phase) =>
          faults[fault as keyof typeof faults].phases.some((one) => one === phase) &&
          allowedOutcomes(fault as keyof typeof faults, phase).includes('failed'),
      ),
  );
  expect(failing).toEqual(['live-lock']);
});
