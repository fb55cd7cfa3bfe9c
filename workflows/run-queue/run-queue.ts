import {
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  getExternalWorkflowHandle,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { QueueState } from '../../src/contracts/documents/progress.ts';
import type { RunQueueInput, SlotRequest } from '../../src/contracts/temporal/control-activities.ts';
import { messageNames } from '../../src/contracts/temporal/names.ts';
import { control } from '../activity-proxies.ts';
import {
  positions,
  type QueueTickets,
  withGrants,
  withHolders,
  withoutExperiment,
  withRequest,
} from './run-queue-state.ts';

const requestSlotSignal = defineSignal<[SlotRequest]>(messageNames.requestSlot);
const releaseSlotSignal = defineSignal<[{ experimentId: string }]>(messageNames.releaseSlot);
const queueQuery = defineQuery<QueueState & { runIds: Record<string, string> }>(messageNames.queue);

/** How often the holders are looked at while others wait. */
const inspectEveryMs = 5_000;
/** An idle queue ends after this time, so that none runs on old code for ever; the next request starts it again. */
const idleMs = 60_000;
const longHistoryEvents = 2_000;

/** Hands out the slots of one target, first come first served. */
export async function runQueue(input: RunQueueInput, carried?: QueueTickets): Promise<void> {
  let queue: QueueTickets = carried ?? { capacity: input.capacity, running: [], waiting: [] };
  const told = new Map<string, number>();
  let changed = true;

  setHandler(requestSlotSignal, ({ experimentId, runId, submittedAt }) => {
    queue = withRequest(queue, { experimentId, runId, since: submittedAt });
    // It may have missed what it was told before, so it is told again.
    told.delete(experimentId);
    changed = true;
  });
  setHandler(releaseSlotSignal, ({ experimentId }) => {
    queue = withoutExperiment(queue, experimentId);
    changed = true;
  });
  setHandler(queueQuery, () => ({
    target: input.target,
    capacity: queue.capacity,
    running: queue.running.map(({ experimentId, since }) => ({ experimentId, since })),
    waiting: queue.waiting.map(({ experimentId, since }) => ({ experimentId, since })),
    runIds: Object.fromEntries(
      [...queue.running, ...queue.waiting].map((one) => [one.experimentId, one.runId]),
    ),
  }));

  if (carried === undefined) {
    const holders = await control.findHolders({ target: input.target });
    queue = withHolders(queue, holders);
  }

  for (;;) {
    while (changed) {
      changed = false;
      queue = withGrants(queue);
      await tellPositions();
    }
    if (workflowInfo().historyLength > longHistoryEvents || workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof runQueue>(input, queue);
    }
    const empty = queue.running.length + queue.waiting.length === 0;
    const woken = await condition(() => changed, empty ? idleMs : inspectEveryMs);
    if (woken) continue;
    if (empty) return;
    if (queue.waiting.length > 0) await inspectHolders();
  }

  async function tellPositions(): Promise<void> {
    for (const { experimentId, position } of positions(queue)) {
      if (told.get(experimentId) === position) continue;
      told.set(experimentId, position);
      try {
        await getExternalWorkflowHandle(experimentId).signal(messageNames.slot, { position });
      } catch {
        // It no longer runs. A waiter is forgotten; a holder only once nothing of it is alive.
        if (position > 0) {
          queue = withoutExperiment(queue, experimentId);
          changed = true;
        }
      }
    }
  }

  async function inspectHolders(): Promise<void> {
    for (const { experimentId } of queue.running) {
      const { free } = await control.inspectHolder({ target: input.target, experimentId });
      if (free) {
        queue = withoutExperiment(queue, experimentId);
        changed = true;
      }
    }
  }
}
