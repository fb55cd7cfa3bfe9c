import { Readable } from 'node:stream';
import type { OpenWait } from '../../contracts/documents/api.ts';
import type { TemporalGateway, WorkflowView } from '../sources/temporal-gateway.ts';
import { isFailingTask, waitForPerson, waitingOf, waitsOfPending } from '../sources/waits.ts';

/** A look costs a call for each workflow; the queue alone may hold ten thousand that wait for nothing but their turn. */
const mostLookedAt = 100;
const callsAtOnce = 10;
/** Probes and scrapers may come as often as they like. */
const looksLastMs = 10_000;

/** What open workflows of every type wait for, beside their turn, by a look that is bounded and kept for a while. */
export class OpenWaits {
  private readonly gateway: TemporalGateway;
  private readonly now: () => Date;
  private last: { atMs: number; items: Promise<OpenWait[]> } | null = null;

  constructor(gateway: TemporalGateway, now: () => Date) {
    this.gateway = gateway;
    this.now = now;
  }

  /** @throws TemporalUnavailable */
  async items(): Promise<OpenWait[]> {
    const atMs = performance.now();
    if (this.last === null || atMs - this.last.atMs > looksLastMs) {
      const look = { atMs, items: this.look() };
      this.last = look;
      // A look that failed is no answer to the next one who asks.
      look.items.catch(() => {
        if (this.last === look) this.last = null;
      });
    }
    return await this.last.items;
  }

  /** Those whose code fails, so that nothing reaches them, not even a cancel. */
  async failing(): Promise<OpenWait[]> {
    return (await this.items()).filter(({ waits }) => waits.some(isFailingTask));
  }

  private async look(): Promise<OpenWait[]> {
    const suspects = await this.gateway.listSuspects(mostLookedAt);
    const looks = Readable.from(suspects).map((view: WorkflowView) => this.waitsOf(view), {
      concurrency: callsAtOnce,
    });
    return (await looks.toArray()).flat();
  }

  private async waitsOf(view: WorkflowView): Promise<OpenWait[]> {
    const { id, type, name } = view;
    const seen = await this.gateway.describe(id);
    if (seen?.status !== 'running') return [];
    const waits = waitsOfPending(seen.pending, this.now());
    if (seen.phase === 'needs-operator') {
      const hint = `comparator show ${id} says since when, why, and what can be done.`;
      waits.push(waitForPerson({ since: seen.startedAt.toISOString(), hint }));
    }
    const { waiting, ...all } = waitingOf(waits);
    return waiting ? [{ id, type, name, waiting, ...all }] : [];
  }
}

/** In a sentence what `failing` found; `ok` where nothing fails. */
export function failingInWords(failing: readonly OpenWait[]): string {
  if (failing.length === 0) return 'ok';
  const [first] = failing;
  const wait = first?.waits.find(isFailingTask);
  const many = failing.length === 1 ? 'one open workflow' : `${failing.length} open workflows`;
  return `the code of ${many} fails, ${first?.id} for one: ${wait?.reason ?? 'no reason is known'}. ${wait?.hint ?? ''}`.trim();
}
