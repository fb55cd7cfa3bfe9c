import {
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  getExternalWorkflowHandle,
  patched,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { QueueState, TicketAnswer } from '../../src/contracts/documents/progress.ts';
import type { RunQueueInput, SlotRequest } from '../../src/contracts/temporal/control-activities.ts';
import { messageNames } from '../../src/contracts/temporal/names.ts';
import { inspecting, learning } from '../activity-proxies.ts';
import { changes } from '../changes.ts';
import { fieldOf } from '../payload.ts';
import {
  carriedOver,
  placeOf,
  positions,
  type QueueTickets,
  withGrants,
  withLearnt,
  withoutExperiment,
  withRequest,
} from './run-queue-state.ts';

const requestSlotSignal = defineSignal<[unknown]>(messageNames.requestSlot);
const releaseSlotSignal = defineSignal<[unknown]>(messageNames.releaseSlot);
const queueQuery = defineQuery<QueueState>(messageNames.queue);
const ticketQuery = defineQuery<TicketAnswer, [string]>(messageNames.ticket);

/** After how long the holders are looked at while others wait; then ever less often, for looking takes processor time. */
const inspectAfterMs = 5_000;
const inspectAtLeastEveryMs = 30_000;
/** An idle queue ends after this time, so that none runs on old code for ever; the next request starts it again. */
const idleMs = 60_000;
const usualLongHistoryEvents = 2_000;
/** A signal to a much longer one, or to none, would be an error that Temporal has the workflow repeat for ever. */
const longestId = 36;

/** Hands out the slots of one target, first come first served. Who waits costs nothing, and is told once it is its turn. */
export async function runQueue(input: RunQueueInput, carried?: QueueTickets): Promise<void> {
  const queue = new RunQueue(input, carried ?? { capacity: input.capacity, running: [], waiting: [] });
  if (carried === undefined) await queue.learn();
  await queue.serve();
}

class RunQueue {
  private readonly input: RunQueueInput;
  private tickets: QueueTickets;
  /** The position that each was told last; only grants are. */
  private readonly told = new Map<string, number>();
  private changed = true;
  /** How often the holders were looked at in vain since something changed. */
  private inspections = 0;

  constructor(input: RunQueueInput, tickets: QueueTickets) {
    this.input = input;
    this.tickets = tickets;
    this.answerMessages();
  }

  private answerMessages(): void {
    setHandler(
      requestSlotSignal,
      (payload) => {
        if (!isRequest(payload)) return;
        const { experimentId, runId, submittedAt } = payload;
        this.change(withRequest(this.tickets, { experimentId, runId, since: submittedAt }));
        // It may have missed what it was told before, so it is told again.
        this.told.delete(experimentId);
      },
      { description: 'Of experiments, not for people: one asks for a slot' },
    );
    setHandler(
      releaseSlotSignal,
      (payload) => {
        if (isRelease(payload)) this.forget(payload.experimentId, payload.runId);
      },
      { description: 'Of experiments, not for people: one gives its slot or place back' },
    );
    setHandler(queueQuery, () => this.answer(), {
      description: 'Who holds a slot, and who waits, first come first',
    });
    setHandler(
      ticketQuery,
      (experimentId) => ({
        position: null,
        runId: null,
        ...placeOf(this.tickets, experimentId),
        waiting: this.tickets.waiting.length,
      }),
      { description: 'The place of one experiment, by its id: 0 holds a slot, 1 is next' },
    );
  }

  /** Those that hold a slot already, or wait, since the queue before this one was terminated. */
  async learn(): Promise<void> {
    const found = await learning.findHolders({ target: this.input.target });
    const tickets = found.map(({ waiting: _waiting, ...ticket }) => ticket);
    const isWaiting = (_ticket: unknown, index: number) => found[index]?.waiting === true;
    this.tickets = withLearnt(
      this.tickets,
      tickets.filter((ticket, index) => !isWaiting(ticket, index)),
      tickets.filter(isWaiting),
    );
  }

  /** Serves until nobody has held or wanted a slot for a while. */
  async serve(): Promise<void> {
    for (;;) {
      while (this.changed) {
        this.changed = false;
        this.tickets = withGrants(this.tickets);
        await this.tell();
      }
      const long = this.input.longHistoryEvents ?? usualLongHistoryEvents;
      if (workflowInfo().historyLength > long || workflowInfo().continueAsNewSuggested) {
        await continueAsNew<typeof runQueue>(this.input, carriedOver(this.tickets));
      }
      const { running, waiting } = this.tickets;
      const empty = running.length + waiting.length === 0;
      if (!empty && waiting.length === 0 && patched(changes.positionsAreRead)) {
        await condition(() => this.changed);
        continue;
      }
      const woken = await condition(() => this.changed, empty ? idleMs : this.inspectInMs(), {
        summary: empty ? 'Until an idle queue ends' : 'Until the holders are looked at',
      });
      if (woken) continue;
      if (empty) return;
      if (waiting.length > 0) await this.inspectHolders();
    }
  }

  private async tell(): Promise<void> {
    // Histories of 0.1.0 have a signal for every position.
    const grantsOnly = patched(changes.positionsAreRead);
    const { tickets } = this;
    for (const { experimentId, position } of positions(grantsOnly ? { ...tickets, waiting: [] } : tickets)) {
      if (this.told.get(experimentId) === position) continue;
      this.told.set(experimentId, position);
      try {
        await getExternalWorkflowHandle(experimentId).signal(messageNames.slot, { position });
      } catch {
        // It no longer runs. A waiter is forgotten; a holder only once nothing of it is alive.
        if (position > 0) this.forget(experimentId);
        else if (grantsOnly) await this.inspect(experimentId);
      }
    }
  }

  private inspectInMs(): number {
    return Math.min(inspectAfterMs * 2 ** this.inspections, inspectAtLeastEveryMs);
  }

  private async inspectHolders(): Promise<void> {
    this.inspections += 1;
    for (const { experimentId } of this.tickets.running) await this.inspect(experimentId);
  }

  private async inspect(experimentId: string): Promise<void> {
    const runId = placeOf(this.tickets, experimentId)?.runId;
    try {
      const { free } = await inspecting.inspectHolder({ target: this.input.target, experimentId });
      if (free) this.forget(experimentId, runId);
    } catch {
      // Whatever keeps it from being looked at: its slot stays its own, and the next look may tell.
    }
  }

  /** @param runId as long as the place is that run's */
  private forget(experimentId: string, runId?: string): void {
    this.change(withoutExperiment(this.tickets, experimentId, runId));
  }

  private change(tickets: QueueTickets): void {
    if (tickets.running.length !== this.tickets.running.length) this.inspections = 0;
    this.tickets = tickets;
    this.changed = true;
  }

  private answer(): QueueState {
    const { capacity, running, waiting } = this.tickets;
    const shown = ({ experimentId, since }: QueueTickets['running'][number]) => ({ experimentId, since });
    return {
      target: this.input.target,
      capacity,
      running: running.map(shown),
      waiting: waiting.map(shown),
    };
  }
}

function isRequest(payload: unknown): payload is SlotRequest {
  const experimentId = fieldOf(payload, 'experimentId');
  const isOne =
    typeof experimentId === 'string' &&
    experimentId.length > 0 &&
    experimentId.length <= longestId &&
    typeof fieldOf(payload, 'runId') === 'string' &&
    typeof fieldOf(payload, 'submittedAt') === 'string';
  return isOne || wasTaken(payload);
}

function isRelease(payload: unknown): payload is { experimentId: string; runId?: string } {
  const runId = fieldOf(payload, 'runId');
  const isOne =
    typeof fieldOf(payload, 'experimentId') === 'string' &&
    (runId === undefined || typeof runId === 'string');
  return isOne || wasTaken(payload);
}

/** What people may have sent is nothing here; in histories of 0.3.0 and before it has had its effect. */
function wasTaken(payload: unknown): boolean {
  return payload !== null && payload !== undefined && !patched(changes.checkedRequests);
}
