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
  const queue = new RunQueue(input, carried ?? { capacity: input.capacity, running: [], waiting: [] });
  if (carried === undefined) await queue.learnHolders();
  await queue.serve();
}

class RunQueue {
  private readonly input: RunQueueInput;
  private tickets: QueueTickets;
  /** The position that each was told last. */
  private readonly told = new Map<string, number>();
  private changed = true;

  constructor(input: RunQueueInput, tickets: QueueTickets) {
    this.input = input;
    this.tickets = tickets;
    setHandler(requestSlotSignal, ({ experimentId, runId, submittedAt }) => {
      this.change(withRequest(this.tickets, { experimentId, runId, since: submittedAt }));
      // It may have missed what it was told before, so it is told again.
      this.told.delete(experimentId);
    });
    setHandler(releaseSlotSignal, ({ experimentId }) => this.forget(experimentId));
    setHandler(queueQuery, () => this.answer());
  }

  /** Those that hold a slot already, since the queue before this one was terminated. */
  async learnHolders(): Promise<void> {
    const holders = await control.findHolders({ target: this.input.target });
    this.tickets = withHolders(this.tickets, holders);
  }

  /** Serves until nobody has held or wanted a slot for a while. */
  async serve(): Promise<void> {
    for (;;) {
      while (this.changed) {
        this.changed = false;
        this.tickets = withGrants(this.tickets);
        await this.tellPositions();
      }
      if (workflowInfo().historyLength > longHistoryEvents || workflowInfo().continueAsNewSuggested) {
        await continueAsNew<typeof runQueue>(this.input, this.tickets);
      }
      const empty = this.tickets.running.length + this.tickets.waiting.length === 0;
      const woken = await condition(() => this.changed, empty ? idleMs : inspectEveryMs);
      if (woken) continue;
      if (empty) return;
      if (this.tickets.waiting.length > 0) await this.inspectHolders();
    }
  }

  private async tellPositions(): Promise<void> {
    for (const { experimentId, position } of positions(this.tickets)) {
      if (this.told.get(experimentId) === position) continue;
      this.told.set(experimentId, position);
      try {
        await getExternalWorkflowHandle(experimentId).signal(messageNames.slot, { position });
      } catch {
        // It no longer runs. A waiter is forgotten; a holder only once nothing of it is alive.
        if (position > 0) this.forget(experimentId);
      }
    }
  }

  private async inspectHolders(): Promise<void> {
    for (const { experimentId } of this.tickets.running) {
      const { free } = await control.inspectHolder({ target: this.input.target, experimentId });
      if (free) this.forget(experimentId);
    }
  }

  private forget(experimentId: string): void {
    this.change(withoutExperiment(this.tickets, experimentId));
  }

  private change(tickets: QueueTickets): void {
    this.tickets = tickets;
    this.changed = true;
  }

  private answer(): QueueState & { runIds: Record<string, string> } {
    const { capacity, running, waiting } = this.tickets;
    const shown = ({ experimentId, since }: QueueTickets['running'][number]) => ({ experimentId, since });
    return {
      target: this.input.target,
      capacity,
      running: running.map(shown),
      waiting: waiting.map(shown),
      runIds: Object.fromEntries(
        [...running, ...waiting].map(({ experimentId, runId }) => [experimentId, runId]),
      ),
    };
  }
}
