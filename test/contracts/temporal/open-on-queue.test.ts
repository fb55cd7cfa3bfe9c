import { expect, test } from '@jest/globals';
import { openOnQueueOf } from '../../../src/contracts/temporal/open-on-queue.ts';

test('what is measured in a cluster of the user is on the queue of the machine that measures it', () => {
  expect(openOnQueueOf('local')).toBe(
    "WorkflowType = 'experiment' AND ExecutionStatus = 'Running' AND ComparatorTarget IN ('local','existing')",
  );
});
