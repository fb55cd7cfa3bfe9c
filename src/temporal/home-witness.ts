import { hostname } from 'node:os';
import type { Client } from '@temporalio/client';
import { controlTaskQueue, workflowTypes } from '../contracts/temporal/names.ts';

/** The server remembers who has asked for work for minutes; whoever lives asks at least once in this time. */
const silentAfterMs = 100_000;

/** How a worker of a home calls itself: with its pid, as the SDK does, and the home. */
export function workerIdentity(homeId: string): string {
  return `${process.pid}@${hostname()} home ${homeId}`;
}

/** What Temporal knows of homes and of what is open. */
export function createHomeWitness(client: Client) {
  const { namespace } = client.options;
  return {
    /** Whether a worker of this home has asked for work within the last minutes. */
    async isPolling(homeId: string): Promise<boolean> {
      const { pollers } = await client.workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name: controlTaskQueue },
        taskQueueType: 1, // workflow tasks
      });
      return (pollers ?? []).some(({ identity, lastAccessTime }) => {
        const silentMs = Date.now() - Number(lastAccessTime?.seconds ?? 0) * 1_000;
        return identity?.endsWith(` home ${homeId}`) && silentMs < silentAfterMs;
      });
    },

    /** How many experiments are open. */
    async openExperiments(): Promise<number> {
      const query = `WorkflowType = '${workflowTypes.experiment}' AND ExecutionStatus = 'Running'`;
      return (await client.workflow.count(query)).count;
    },
  };
}
