import { queueSchema, type Wait } from '../../contracts/documents/progress.ts';
import { runQueueId } from '../../contracts/temporal/names.ts';
import { type TemporalGateway, TemporalUnavailable } from './temporal-gateway.ts';
import { waitsOfPending } from './waits.ts';

/** For how long an answer of a queue is good, so that many watchers cost one query. */
const goodForMs = 1_000;

/** What a queue says of one that waits in it. */
export interface QueuePlace {
  /** 1 is next; null where the queue does not know it, holds a slot for it, or does not answer. */
  position: number | null;
  /** What the queue itself waits for, so that nobody's turn comes; null while it goes on. */
  stuck: Wait | null;
}

interface QueueAnswer {
  places: Map<string, number>;
  stuck: Wait | null;
}

/** Places of experiments in the run queues, which alone know them. */
export class QueuePositions {
  private readonly gateway: Pick<TemporalGateway, 'queue' | 'describe'>;
  private readonly now: () => Date;
  private readonly known = new Map<string, { atMs: number; answer: Promise<QueueAnswer> }>();

  constructor(gateway: Pick<TemporalGateway, 'queue' | 'describe'>, now: () => Date) {
    this.gateway = gateway;
    this.now = now;
  }

  async of(target: string, experimentId: string): Promise<QueuePlace> {
    const now = performance.now();
    let known = this.known.get(target);
    if (!known || now - known.atMs > goodForMs) {
      known = { atMs: now, answer: this.ask(target) };
      this.known.set(target, known);
    }
    const { places, stuck } = await known.answer;
    return { position: places.get(experimentId) ?? null, stuck };
  }

  private async ask(target: string): Promise<QueueAnswer> {
    try {
      const [queue, workflow] = await Promise.all([
        // Whose worker is away answers nothing, and what it waits for says so.
        this.gateway.queue(target).catch(unlessUnavailable),
        this.gateway.describe(runQueueId(target)),
      ]);
      const answer = queueSchema.safeParse(queue).data;
      const isOpen = workflow?.status === 'running';
      return {
        places: new Map(answer?.waiting.map(({ experimentId }, index) => [experimentId, index + 1])),
        stuck: (isOpen && waitsOfPending(workflow.pending, this.now())[0]) || null,
      };
    } catch (error) {
      unlessUnavailable(error);
      return { places: new Map(), stuck: null };
    }
  }
}

function unlessUnavailable(error: unknown): null {
  if (error instanceof TemporalUnavailable) return null;
  throw error;
}
