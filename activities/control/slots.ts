import { Context } from '@temporalio/activity';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { ControlActivities, SlotHolder } from '../../src/contracts/temporal/control-activities.ts';
import type { InfrastructureActivities } from '../../src/contracts/temporal/infrastructure-activities.ts';
import {
  controlTaskQueue,
  messageNames,
  runQueueId,
  searchAttributeNames,
  workflowTypes,
} from '../../src/contracts/temporal/names.ts';
import type { Records } from '../../src/storage/records.ts';
import { currentRunId } from '../../src/temporal/current-run.ts';

/** Experiments that may run at once on a target: one on this machine, so that measurements never disturb each other. */
const slotCapacity: Record<string, number> = { local: 1 };

/** Activities around the run queue's slots, and around experiments that an earlier run left behind. */
export function createSlotActivities({
  client,
  records,
  inventory,
}: {
  client: Client;
  records: Records;
  inventory: InfrastructureActivities['inventory'];
}): Pick<
  ControlActivities,
  'requestSlot' | 'releaseSlot' | 'checkSlot' | 'findHolders' | 'inspectHolder' | 'settleExperiment'
> {
  return {
    async requestSlot({ target, experimentId, submittedAt }) {
      await client.workflow.signalWithStart(workflowTypes.runQueue, {
        workflowId: runQueueId(target),
        taskQueue: controlTaskQueue,
        args: [{ target, capacity: slotCapacity[target] ?? 1 }],
        signal: messageNames.requestSlot,
        signalArgs: [{ experimentId, runId: currentRunId(), submittedAt }],
      });
    },

    async releaseSlot({ target, experimentId }) {
      await ignoringMissing(() =>
        client.workflow.getHandle(runQueueId(target)).signal(messageNames.releaseSlot, { experimentId }),
      );
    },

    async checkSlot({ target, experimentId }) {
      const runId = currentRunId();
      const queue = await ignoringMissing(() =>
        client.workflow
          .getHandle(runQueueId(target))
          .query<{ running: { experimentId: string }[]; runIds: Record<string, string> }>(messageNames.queue),
      );
      const running = queue?.running.some((one) => one.experimentId === experimentId) ?? false;
      return { held: running && queue?.runIds[experimentId] === runId, runId };
    },

    async findHolders({ target }) {
      const holders: SlotHolder[] = [];
      const query = [
        `WorkflowType = '${workflowTypes.experiment}'`,
        "ExecutionStatus = 'Running'",
        `${searchAttributeNames.target} = '${target}'`,
        `${searchAttributeNames.phase} != 'queued'`,
      ].join(' AND ');
      for await (const { workflowId, runId, startTime } of client.workflow.list({ query })) {
        holders.push({ experimentId: workflowId, runId, since: startTime.toISOString() });
      }
      return holders;
    },

    async inspectHolder({ experimentId }) {
      const description = await ignoringMissing(() => client.workflow.getHandle(experimentId).describe());
      const open = description?.status.name === 'RUNNING';
      const needsOperator =
        open && description?.searchAttributes?.[searchAttributeNames.needsOperator]?.[0] === true;
      if (open && !needsOperator) return { free: false };
      const record = await records.readExperiment(experimentId);
      // Nothing was ever recorded, so nothing was ever provisioned.
      if (!record) return { free: !open };
      const alive = await inventory({ experimentId, runId: record.runId, spec: record.spec });
      // What waits for a person may lie about, but must not run while another is measured.
      return { free: open ? alive.every(({ kind }) => kind !== 'process') : alive.length === 0 };
    },

    async settleExperiment({ experimentId }) {
      const handle = client.workflow.getHandle(experimentId);
      const status = async () => (await ignoringMissing(() => handle.describe()))?.status.name;
      if ((await status()) !== 'RUNNING') return;
      await ignoringMissing(() => handle.cancel());
      while ((await status()) === 'RUNNING') {
        Context.current().heartbeat();
        await Context.current().sleep('1 second');
      }
    },
  };
}

async function ignoringMissing<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
