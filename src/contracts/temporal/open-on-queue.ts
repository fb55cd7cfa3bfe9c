import { searchAttributeNames, targetsOfQueue, workflowTypes } from './names.ts';

/** A query of Temporal's list for the open experiments of every target that waits in the queue of one. */
export function openOnQueueOf(target: string): string {
  return [
    `WorkflowType = '${workflowTypes.experiment}'`,
    `ExecutionStatus = 'Running'`,
    `${searchAttributeNames.target} IN (${targetsOfQueue(target).map((one) => `'${one}'`)})`,
  ].join(' AND ');
}
