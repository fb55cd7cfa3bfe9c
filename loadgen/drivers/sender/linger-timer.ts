import type { Clock, Timer } from './clock.ts';

/** Wakes a producer when its oldest unfinished batch has lingered for long enough. */
export class LingerTimer {
  private readonly clock: Clock;
  private readonly leftMs: () => number | null;
  private readonly onLingered: () => void;
  private timer: Timer | null = null;

  /**
   * @param leftMs how long the oldest batch has yet to linger; null when none does
   * @param onLingered called when one has
   */
  constructor(clock: Clock, leftMs: () => number | null, onLingered: () => void) {
    this.clock = clock;
    this.leftMs = leftMs;
    this.onLingered = onLingered;
  }

  /** Looks again after this time; while it waits already, that stands. */
  start(afterMs: number): void {
    this.timer ??= this.clock.after(afterMs, () => this.look());
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = null;
  }

  private look(): void {
    this.timer = null;
    const leftMs = this.leftMs();
    if (leftMs === null) return;
    // Timers count whole milliseconds: less than half of one left is nearer to now than to the next.
    if (leftMs < 0.5) this.onLingered();
    else this.start(leftMs);
  }
}
