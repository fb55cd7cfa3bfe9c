import type { Clock, Timer } from '../../../loadgen/drivers/sender/clock.ts';

interface Pending {
  atMs: number;
  callback(): void;
}

/** Time that passes when a test says so. */
export class SimulatedClock implements Clock {
  private now = 0;
  private pending: Pending[] = [];

  nowMs(): number {
    return this.now;
  }

  after(ms: number, callback: () => void): Timer {
    const timer: Pending = { atMs: this.now + ms, callback };
    this.pending.push(timer);
    return {
      cancel: () => {
        this.pending = this.pending.filter((other) => other !== timer);
      },
    };
  }

  /** Lets time pass, and calls back what is due, in order. */
  advance(ms: number): void {
    const untilMs = this.now + ms;
    for (let next = this.nextBy(untilMs); next; next = this.nextBy(untilMs)) {
      this.now = Math.max(this.now, next.atMs);
      const due = next;
      this.pending = this.pending.filter((other) => other !== due);
      due.callback();
    }
    this.now = untilMs;
  }

  /** Callbacks that are yet to come. */
  get timers(): number {
    return this.pending.length;
  }

  private nextBy(untilMs: number): Pending | undefined {
    return this.pending
      .filter(({ atMs }) => atMs <= untilMs)
      .reduce<Pending | undefined>(
        (first, other) => (first && first.atMs <= other.atMs ? first : other),
        undefined,
      );
  }
}
