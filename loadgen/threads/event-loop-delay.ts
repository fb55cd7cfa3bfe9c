import { monitorEventLoopDelay } from 'node:perf_hooks';

const resolutionMs = 5;

/** Watches how late this thread's event loop runs its timers. */
export class EventLoopDelay {
  private readonly histogram = monitorEventLoopDelay({ resolution: resolutionMs });

  start(): void {
    this.histogram.reset();
    this.histogram.enable();
  }

  /** 99th percentile since `start`, in milliseconds beyond the timer's own interval. */
  stop(): number {
    this.histogram.disable();
    const p99Ms = this.histogram.percentile(99) / 1e6;
    return Number.isFinite(p99Ms) ? Math.max(0, p99Ms - resolutionMs) : 0;
  }
}
