const second = 1_000;

/**
 * An amount per second, held over every second however it is cut: a sliding window. A token bucket would let a stream
 * that was idle take twice its quota in the first second, and a measurement read more than was published.
 *
 * Time is given, in monotonic milliseconds; nothing here reads a clock.
 */
export class SlidingWindow {
  private readonly perSecond: number;
  private readonly counted: { atMs: number; amount: number }[] = [];
  private sum = 0;
  private closedUntilMs = Number.NEGATIVE_INFINITY;

  constructor(perSecond: number) {
    this.perSecond = perSecond;
  }

  /** Whether an amount is within the quota now. One beyond a whole second's is let in when nothing else counts. */
  fits(nowMs: number, amount: number): boolean {
    this.forget(nowMs);
    if (nowMs < this.closedUntilMs) return false;
    return this.sum === 0 || this.sum + amount <= this.perSecond;
  }

  /**
   * Counts an amount, for a second. What only turned out to be beyond the quota afterwards closes the window for as long
   * as the quota takes to make up for all that is in it: 10 MiB at 2 MiB a second for 5 s.
   */
  add(nowMs: number, amount: number): void {
    this.forget(nowMs);
    const from = Math.max(nowMs, this.closedUntilMs);
    this.sum += amount;
    if (this.sum > this.perSecond) {
      this.closedUntilMs = from + (this.sum / this.perSecond) * second;
      this.counted.length = 0;
      this.sum = 0;
      return;
    }
    const last = this.counted.at(-1);
    if (last?.atMs === nowMs) last.amount += amount;
    else this.counted.push({ atMs: nowMs, amount });
  }

  private forget(nowMs: number): void {
    let over = 0;
    for (const { atMs, amount } of this.counted) {
      if (nowMs - atMs < second) break;
      this.sum -= amount;
      over++;
    }
    if (over > 0) this.counted.splice(0, over);
  }
}
