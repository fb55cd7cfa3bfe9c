import type { Client } from '@temporalio/client';
import { loadPhases } from '../../src/contracts/documents/phases.ts';
import { queueSchema } from '../../src/contracts/documents/progress.ts';
import type { ControlActivities } from '../../src/contracts/temporal/control-activities.ts';
import { messageNames, runQueueId, searchAttributeNames } from '../../src/contracts/temporal/names.ts';
import { openOnQueueOf } from '../../src/contracts/temporal/open-on-queue.ts';
import { isOpenStatus } from '../../src/temporal/open-status.ts';
import { assertQuiet, type MeasuredNow } from '../home/quiet.ts';

const timeoutMs = 5_000;
/** For how long it may stay unknown who is measured, before that keeps nobody from destroying any more. */
const unknownForMs = 120_000;
/** Looks further apart than this say nothing of the time between them. */
const sameTroubleMs = 60_000;

/**
 * Asks the run queue who holds a slot, and Temporal how far they are; where the queue does not answer, as on a machine that
 * is busy with a measurement, only what Temporal lists.
 */
export function createMeasuredNow(client: Client, now: () => number = Date.now): MeasuredNow {
  const trouble = { sinceMs: 0, lastMs: Number.NEGATIVE_INFINITY };
  const inTime = <T>(look: () => Promise<T>) => client.withDeadline(now() + timeoutMs, look);
  return async (target, experimentId) => {
    try {
      return await inTime(() => byQueue(client, target, experimentId));
    } catch {
      try {
        return await inTime(() => byList(client, target, experimentId));
      } catch {
        const nowMs = now();
        if (nowMs - trouble.lastMs > sameTroubleMs) trouble.sinceMs = nowMs;
        trouble.lastMs = nowMs;
        return nowMs - trouble.sinceMs < unknownForMs ? undefined : null;
      }
    }
  };
}

async function byQueue(client: Client, target: string, experimentId: string): Promise<string | null> {
  const answer = await client.workflow.getHandle(runQueueId(target)).query<unknown>(messageNames.queue);
  const holders = queueSchema.parse(answer).running.map((holder) => holder.experimentId);
  if (holders.includes(experimentId)) return null;
  for (const holder of holders) {
    const { status, searchAttributes } = await client.workflow.getHandle(holder).describe();
    const phase = searchAttributes?.[searchAttributeNames.phase]?.[0];
    if (isOpenStatus(status.name) && loadPhases.some((one) => one === phase)) return holder;
  }
  return null;
}

async function byList(client: Client, target: string, experimentId: string): Promise<string | null> {
  const inLoad = `${searchAttributeNames.phase} IN (${loadPhases.map((phase) => `'${phase}'`).join(', ')})`;
  const query = `${openOnQueueOf(target)} AND ${inLoad}`;
  for await (const { workflowId } of client.workflow.list({ query })) {
    if (workflowId !== experimentId) return workflowId;
  }
  return null;
}

/** The activity by which a workflow waits: each look is a try, which fails while another experiment is measured. */
export function createQuietActivity(measuredNow: MeasuredNow): Pick<ControlActivities, 'awaitQuiet'> {
  return {
    awaitQuiet: ({ target, experimentId }) => assertQuiet(() => measuredNow(target, experimentId)),
  };
}
