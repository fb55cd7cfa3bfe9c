import { availableParallelism } from 'node:os';

/** A timer counts whole milliseconds, and comes a little after that. */
const timerLateMs = 1.2;

/**
 * The event loop looks for answers at least every `most` while its thread waits for a moment; and a thread that naps for
 * less than `least` is awake for much of the time.
 */
const napMs = { least: 0.1, most: 0.25 };

/**
 * Calls back when a wait is over. The last stretch of it, too short for timers, the thread sleeps away in naps, between
 * which its event loop comes round. Sleeping takes no processor time, and waking up little, about 5% of a core; a thread
 * that spun would take a core from the product.
 */
export class Alarm {
  private readonly cell = new Int32Array(new SharedArrayBuffer(4));
  private readonly naps: boolean;

  /** @param threads that wait like this one; where there are more than cores, all the naps together would take one */
  constructor(threads: number) {
    this.naps = threads <= availableParallelism();
  }

  /** @param waitMs may be over sooner: whoever is called back looks again */
  after(waitMs: number, callback: () => void): void {
    const timerMs = Math.floor(waitMs - (this.naps ? timerLateMs : 0));
    if (timerMs >= 1 || !this.naps) {
      setTimeout(callback, Math.max(1, timerMs));
      return;
    }
    Atomics.wait(this.cell, 0, 0, Math.min(napMs.most, Math.max(napMs.least, waitMs)));
    setImmediate(callback);
  }
}
