import { queueSchema } from '../../contracts/documents/progress.ts';
import { type TemporalGateway, TemporalUnavailable } from './temporal-gateway.ts';

/** For how long an answer of a queue is good, so that many watchers cost one query. */
const goodForMs = 1_000;

/** Places of experiments in the run queues, which alone know them. */
export class QueuePositions {
  private readonly gateway: Pick<TemporalGateway, 'queue'>;
  private readonly known = new Map<string, { atMs: number; places: Promise<Map<string, number>> }>();

  constructor(gateway: Pick<TemporalGateway, 'queue'>) {
    this.gateway = gateway;
  }

  /** 1 is next; null where the queue does not know it, holds a slot for it, or does not answer. */
  async of(target: string, experimentId: string): Promise<number | null> {
    const now = performance.now();
    let known = this.known.get(target);
    if (!known || now - known.atMs > goodForMs) {
      known = { atMs: now, places: this.ask(target) };
      this.known.set(target, known);
    }
    return (await known.places).get(experimentId) ?? null;
  }

  private async ask(target: string): Promise<Map<string, number>> {
    try {
      const answer = queueSchema.safeParse(await this.gateway.queue(target)).data;
      return new Map(answer?.waiting.map(({ experimentId }, index) => [experimentId, index + 1]));
    } catch (error) {
      if (error instanceof TemporalUnavailable) return new Map();
      throw error;
    }
  }
}
