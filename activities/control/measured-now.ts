import type { Client } from '@temporalio/client';
import { loadPhases } from '../../src/contracts/documents/phases.ts';
import { queueSchema } from '../../src/contracts/documents/progress.ts';
import type { ControlActivities } from '../../src/contracts/temporal/control-activities.ts';
import { messageNames, runQueueId, searchAttributeNames } from '../../src/contracts/temporal/names.ts';
import { isOpenStatus } from '../../src/temporal/open-status.ts';
import { assertQuiet, type MeasuredNow } from '../home/quiet.ts';

const timeoutMs = 5_000;

/** Asks the run queue who holds a slot, and Temporal how far they are. */
export function createMeasuredNow(client: Client): MeasuredNow {
  const look: MeasuredNow = async (target, experimentId) => {
    const answer = await client.workflow.getHandle(runQueueId(target)).query<unknown>(messageNames.queue);
    const holders = queueSchema.parse(answer).running.map((holder) => holder.experimentId);
    if (holders.includes(experimentId)) return null;
    for (const holder of holders) {
      const { status, searchAttributes } = await client.workflow.getHandle(holder).describe();
      const phase = searchAttributes?.[searchAttributeNames.phase]?.[0];
      if (isOpenStatus(status.name) && loadPhases.some((one) => one === phase)) return holder;
    }
    return null;
  };
  return async (target, experimentId) => {
    try {
      return await client.withDeadline(Date.now() + timeoutMs, () => look(target, experimentId));
    } catch {
      // Not to know keeps nobody from destroying.
      return null;
    }
  };
}

/** The activity by which a workflow waits: each look is a try, which fails while another experiment is measured. */
export function createQuietActivity(measuredNow: MeasuredNow): Pick<ControlActivities, 'awaitQuiet'> {
  return {
    awaitQuiet: ({ target, experimentId }) => assertQuiet(() => measuredNow(target, experimentId)),
  };
}
