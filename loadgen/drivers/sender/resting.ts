/** What was not taken, and rests before it goes again. Rests end in steps, so that many end together. */
export class Resting<Unit> {
  count = 0;
  /** When the next rest ends; null when nothing rests. */
  wakeAtMs: number | null = null;
  private readonly stepMs: number;
  private readonly byEnd = new Map<number, Unit[]>();

  constructor(stepMs: number) {
    this.stepMs = stepMs;
  }

  /** Has a unit rest until this time, or the step after it. */
  add(unit: Unit, untilMs: number): void {
    const endMs = Math.ceil(untilMs / this.stepMs) * this.stepMs;
    const others = this.byEnd.get(endMs);
    if (others) others.push(unit);
    else this.byEnd.set(endMs, [unit]);
    this.count++;
    this.wakeAtMs = Math.min(this.wakeAtMs ?? endMs, endMs);
  }

  /** Hands out those whose rest has ended. */
  wake(nowMs: number, take: (unit: Unit) => void): void {
    if (this.wakeAtMs === null || this.wakeAtMs > nowMs) return;
    for (const [endMs, units] of this.byEnd) {
      if (endMs > nowMs) continue;
      this.byEnd.delete(endMs);
      this.count -= units.length;
      units.forEach(take);
    }
    this.findWake();
  }

  /** Takes out those that are wanted. */
  takeOut(isWanted: (unit: Unit) => boolean): Unit[] {
    const taken: Unit[] = [];
    for (const [endMs, units] of this.byEnd) {
      if (!units.some(isWanted)) continue;
      const { wanted = [], kept = [] } = Object.groupBy(units, (unit) =>
        isWanted(unit) ? 'wanted' : 'kept',
      );
      taken.push(...wanted);
      if (kept.length > 0) this.byEnd.set(endMs, kept);
      else this.byEnd.delete(endMs);
    }
    this.count -= taken.length;
    this.findWake();
    return taken;
  }

  private findWake(): void {
    this.wakeAtMs = this.byEnd.size > 0 ? Math.min(...this.byEnd.keys()) : null;
  }
}
