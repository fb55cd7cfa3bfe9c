import { type Counters, counterNames } from '../measure/counters.ts';

/** Turns running counters into rates. */
export class LiveRates {
  private last: { atMs: number; counters: Counters } | null = null;
  private rates: Counters = zero();
  private readonly read: () => Counters;
  private readonly timer: NodeJS.Timeout;

  /** @param read the counters as of now; lower than before means that they began anew */
  constructor(read: () => Counters) {
    this.read = read;
    this.timer = setInterval(() => this.sample(), 1_000);
    this.timer.unref();
  }

  /** Per second, over the last full second. */
  perSecond(): Counters {
    return this.rates;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private sample(): void {
    const now = { atMs: performance.now(), counters: this.read() };
    const { last } = this;
    this.last = now;
    if (!last) return;
    const seconds = (now.atMs - last.atMs) / 1_000;
    const began =
      now.counters.handed < last.counters.handed || now.counters.received < last.counters.received;
    for (const name of counterNames) {
      this.rates[name] = Math.max(0, now.counters[name] - (began ? 0 : last.counters[name])) / seconds;
    }
  }
}

function zero(): Counters {
  return Object.fromEntries(counterNames.map((name) => [name, 0])) as Counters;
}
