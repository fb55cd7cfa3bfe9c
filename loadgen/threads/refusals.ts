import type { Refusal } from '../../src/contracts/documents/load-parts.ts';

/** Distinct reasons that are told apart: what a server says has no end. */
const mostReasons = 20;
const mostCharacters = 120;

/** The reason of what came after so many others. */
const otherReasons = 'other reasons';

/** Counts why messages were not acknowledged, in one round of one producer. */
export class Refusals {
  private readonly counts = new Map<string, Refusal>();

  /** @param reason the driver's; where it gave none, only the outcome is known */
  add(outcome: Refusal['outcome'], messages: number, reason = 'no reason was given'): void {
    if (messages === 0) return;
    const own = reason.slice(0, mostCharacters);
    const kept = this.entry(outcome, own);
    kept.messages += messages;
  }

  /** In the order in which they were first seen. */
  list(): Refusal[] {
    return [...this.counts.values()];
  }

  private entry(outcome: Refusal['outcome'], reason: string): Refusal {
    const key = `${outcome} ${reason}`;
    const known = this.counts.get(key);
    if (known) return known;
    if (this.counts.size >= mostReasons && reason !== otherReasons) return this.entry(outcome, otherReasons);
    const entry: Refusal = { reason, outcome, messages: 0 };
    this.counts.set(key, entry);
    return entry;
  }
}
