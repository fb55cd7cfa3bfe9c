import { Context } from '@temporalio/activity';
import { type Client, type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import { type TicketAnswer, ticketSchema } from '../../src/contracts/documents/progress.ts';
import type {
  ControlActivities,
  FoundExperiments,
  RunQueueInput,
  SlotHolder,
} from '../../src/contracts/temporal/control-activities.ts';
import type {
  InfrastructureActivities,
  InfrastructureRef,
} from '../../src/contracts/temporal/infrastructure-activities.ts';
import {
  controlTaskQueue,
  messageNames,
  queueTarget,
  runQueueId,
  searchAttributeNames,
  workflowTypes,
} from '../../src/contracts/temporal/names.ts';
import { openOnQueueOf } from '../../src/contracts/temporal/open-on-queue.ts';
import { nullIfUnreadable } from '../../src/storage/records.ts';
import { currentRunId } from '../../src/temporal/current-run.ts';
import { whileHeartbeating } from '../../src/temporal/heartbeat.ts';
import { isOpenExperiment, isOpenStatus } from '../../src/temporal/open-status.ts';
import { askAgainMs } from './ask-again.ts';
import { knownSubject, type SubjectSources } from './known-subject.ts';

/** Experiments that may run at once on a target: one on this machine, so that measurements never disturb each other. */
const slotCapacity: Record<string, number> = { local: 1 };

/** For how long a worker takes the length of a queue to be what it saw. */
const seenForMs = 5_000;

/** Activities around the run queue's slots, and around experiments that an earlier run left behind. */
export function createSlotActivities(
  deps: SlotDependencies,
): Pick<
  ControlActivities,
  | 'requestSlot'
  | 'releaseSlot'
  | 'checkSlot'
  | 'findHolders'
  | 'inspectHolder'
  | 'settleExperiment'
  | 'findLeft'
  | 'cancelAgain'
> {
  const { client } = deps;
  const queues = new Queues(deps);
  const holders = new Holders(deps);
  return {
    async requestSlot({ target, experimentId, submittedAt }) {
      await queues.signal(target, messageNames.requestSlot, {
        experimentId,
        runId: currentRunId(),
        submittedAt,
      });
      return { askAgainMs: askAgainMs(await queues.waiting(target), Math.random()) };
    },

    async releaseSlot({ target, experimentId, runId }) {
      const caller = currentRunId();
      const ticket = await queues.ticket(target, experimentId);
      if (ticket?.runId === null) return;
      let released = runId ?? caller;
      if (ticket && runId === undefined && ticket.runId !== caller) {
        // A run before this one left it; unless this is what remains of an attempt that another run has overtaken.
        const description = await ignoringMissing(() => client.workflow.getHandle(experimentId).describe());
        if (description?.runId !== caller) return;
        released = ticket.runId;
      }
      await queues.signal(target, messageNames.releaseSlot, { experimentId, runId: released });
    },

    async checkSlot({ target, experimentId }) {
      const runId = currentRunId();
      const ticket = await queues.ticket(target, experimentId);
      return { held: ticket?.position === 0 && ticket.runId === runId, runId };
    },

    findHolders: ({ target }) => whileHeartbeating(() => holders.find(target)),

    async inspectHolder({ experimentId }) {
      return { free: await holders.isFree(experimentId) };
    },

    async findLeft({ experimentId }) {
      return { left: (await mayHaveAnything(deps, experimentId)) ? await left(deps, experimentId) : null };
    },

    async cancelAgain({ experimentId }) {
      await client.workflow.getHandle(experimentId, currentRunId()).cancel();
    },

    async settleExperiment({ experimentId }) {
      const handle = client.workflow.getHandle(experimentId);
      for (let asked = false; ; asked = true) {
        const description = await ignoringMissing(() => handle.describe());
        if (!isOpenExperiment(description)) return { needsOperator: false };
        if (needsOperator(description)) return { needsOperator: true };
        if (!asked) await ignoringMissing(() => handle.cancel());
        Context.current().heartbeat();
        await Context.current().sleep('1 second');
      }
    },
  };
}

export interface SlotDependencies extends SubjectSources {
  client: Client;
  /** This installation's experiments that may have anything. */
  findExperiments: () => Promise<FoundExperiments>;
  inventory: InfrastructureActivities['inventory'];
  /** Events after which a queue goes on as new, where they are not the usual ones. */
  longHistoryEvents?: number;
  /** Experiments that may run at once, by target, where they are not the usual ones. */
  capacity?: Record<string, number>;
}

/** The run queues, as their clients see them. */
class Queues {
  private readonly deps: SlotDependencies;
  private readonly seen = new Map<string, { atMs: number; waiting: Promise<number> }>();

  constructor(deps: SlotDependencies) {
    this.deps = deps;
  }

  /** Starts the queue where none runs. */
  async signal(target: string, signal: string, payload: unknown): Promise<void> {
    const { client, longHistoryEvents, capacity = slotCapacity } = this.deps;
    const queue = queueTarget(target);
    const input: RunQueueInput = {
      target: queue,
      capacity: capacity[queue] ?? 1,
      ...(longHistoryEvents ? { longHistoryEvents } : {}),
    };
    await client.workflow.signalWithStart(workflowTypes.runQueue, {
      workflowId: runQueueId(target),
      taskQueue: controlTaskQueue,
      args: [input],
      staticSummary: `Hands out the slots of ${queue}, first come first served`,
      signal,
      signalArgs: [payload],
    });
  }

  /** undefined where no queue runs. */
  async ticket(target: string, experimentId: string): Promise<TicketAnswer | undefined> {
    const handle = this.deps.client.workflow.getHandle(runQueueId(target));
    const description = await ignoringMissing(() => handle.describe());
    if (!isOpenStatus(description?.status.name)) return undefined;
    const answer = await ignoringMissing(() =>
      handle.query<unknown, [string]>(messageNames.ticket, experimentId),
    );
    return answer === undefined ? undefined : ticketSchema.parse(answer);
  }

  /** About how many wait; asked rarely, since many may want to know at once. */
  async waiting(target: string): Promise<number> {
    const known = this.seen.get(target);
    if (known && Date.now() - known.atMs < seenForMs) return known.waiting;
    const waiting = this.ticket(target, '').then(
      (answer) => answer?.waiting ?? 0,
      // It is only good to know.
      async () => (await known?.waiting) ?? 0,
    );
    this.seen.set(target, { atMs: Date.now(), waiting });
    return waiting;
  }
}

/** Who holds a slot, by what Temporal knows and by what is alive. */
class Holders {
  private readonly deps: SlotDependencies;

  constructor(deps: SlotDependencies) {
    this.deps = deps;
  }

  /** Holders, and those that wait; what lives counts as well, since what Temporal lists may lag, or be lost. */
  async find(target: string): Promise<SlotHolder[]> {
    const found = new Map<string, SlotHolder>();
    for await (const info of this.deps.client.workflow.list({ query: openOnQueueOf(target) })) {
      const { workflowId, runId, startTime, searchAttributes } = info;
      const queued = searchAttributes?.[searchAttributeNames.phase]?.[0] === 'queued';
      found.set(workflowId, {
        experimentId: workflowId,
        runId,
        since: startTime.toISOString(),
        ...(queued ? { waiting: true } : {}),
      });
    }
    for (const experimentId of (await this.deps.findExperiments()).ids) {
      const { runId = 'unknown', since = new Date(0).toISOString() } = found.get(experimentId) ?? {};
      found.set(experimentId, { experimentId, runId, since });
    }
    const holders: SlotHolder[] = [];
    const waiting: SlotHolder[] = [];
    for (const one of found.values()) {
      if (one.waiting) waiting.push(one);
      else if (!(await this.isFree(one.experimentId))) holders.push(one);
    }
    return [...holders, ...waiting.slice(-mostLearnt)];
  }

  /** Whether an experiment's slot can be given to another. */
  async isFree(experimentId: string): Promise<boolean> {
    const { client, inventory } = this.deps;
    const description = await ignoringMissing(() => client.workflow.getHandle(experimentId).describe());
    if (!isOpenExperiment(description)) {
      return !(await mayHaveAnything(this.deps, experimentId));
    }
    if (!needsOperator(description)) return false;
    const ref = await left(this.deps, experimentId);
    if (!ref) return false;
    // What waits for a person may lie about, but must not run while another is measured.
    const alive = await inventory(ref);
    return alive.every(({ kind }) => kind !== 'process');
  }
}

/** What could not be listed is unknown: of the experiments that may be there, nobody says that nothing is. */
async function mayHaveAnything(
  deps: SubjectSources & Pick<SlotDependencies, 'findExperiments'>,
  experimentId: string,
): Promise<boolean> {
  const { ids, unlisted } = await deps.findExperiments();
  if (ids.includes(experimentId)) return true;
  if (unlisted.length === 0) return false;
  const spec = (await left(deps, experimentId))?.spec;
  return unlisted.some(({ technology, target }) => technology === spec?.technology && target === spec.target);
}

/** What is there of an experiment, as a destroy is told of it; null where nobody can tell, which the reaper reports. */
async function left(deps: SubjectSources, experimentId: string): Promise<InfrastructureRef | null> {
  const known = await knownSubject(deps, experimentId).catch(nullIfUnreadable);
  return known && { experimentId, runId: known.runId ?? 'unknown', spec: known.spec };
}

function needsOperator(description: WorkflowExecutionDescription | undefined): boolean {
  return description?.searchAttributes?.[searchAttributeNames.needsOperator]?.[0] === true;
}

/** Temporal lists the newest first; an answer of more would not fit into its 2 MB. */
const mostLearnt = 10_000;

async function ignoringMissing<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
