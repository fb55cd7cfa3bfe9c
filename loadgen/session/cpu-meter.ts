import { monotonicMicros } from '../measure/clock.ts';

/** Measures this process's use of the CPU between two monotonic times. */
export class CpuMeter {
  private readonly endMicros: number;
  private begin: { usage: NodeJS.CpuUsage; atMicros: number } | null = null;
  private utilization: number | null = null;
  private readonly timers: NodeJS.Timeout[];

  constructor(startMicros: number, endMicros: number) {
    this.endMicros = endMicros;
    const untilMs = (micros: number) => Math.max(0, (micros - monotonicMicros()) / 1_000);
    this.timers = [
      setTimeout(() => this.start(), untilMs(startMicros)),
      setTimeout(() => this.measure(), untilMs(endMicros)),
    ];
  }

  /** Average number of cores in use, until the end or until now, whichever came first; 0 before the start. */
  stop(): number {
    for (const timer of this.timers) clearTimeout(timer);
    if (this.utilization === null || monotonicMicros() < this.endMicros) this.measure();
    return this.utilization ?? 0;
  }

  private start(): void {
    this.begin = { usage: process.cpuUsage(), atMicros: monotonicMicros() };
  }

  private measure(): void {
    if (!this.begin) return;
    const elapsedMicros = monotonicMicros() - this.begin.atMicros;
    const { user, system } = process.cpuUsage(this.begin.usage);
    if (elapsedMicros > 0) this.utilization = (user + system) / elapsedMicros;
  }
}
