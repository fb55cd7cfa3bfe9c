import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';

const resolutionMs = 5;

/** What a thread used between `start` and `stop`. */
export interface Usage {
  /** 1 is one core. */
  cpuUtilization: number;
  /** 99th percentile of how late the event loop ran its timers, in milliseconds beyond the timer's own interval. */
  eventLoopDelayP99Ms: number;
  /** Share of the time in which garbage collection stopped the thread. */
  gcUtilization: number;
}

/** Watches what the thread that it runs in uses, to tell a slow generator from a slow product. */
export class SelfWatch {
  private readonly histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  private readonly observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) this.gcMs += duration;
  });
  private gcMs = 0;
  private begun: { cpu: NodeJS.CpuUsage; atMs: number } | null = null;

  start(): void {
    this.gcMs = 0;
    this.observer.observe({ entryTypes: ['gc'] });
    this.histogram.reset();
    this.histogram.enable();
    this.begun = { cpu: process.threadCpuUsage(), atMs: performance.now() };
  }

  stop(): Usage {
    this.histogram.disable();
    this.observer.disconnect();
    const elapsedMs = this.begun ? performance.now() - this.begun.atMs : 0;
    if (!this.begun || elapsedMs <= 0) return { cpuUtilization: 0, eventLoopDelayP99Ms: 0, gcUtilization: 0 };
    const { user, system } = process.threadCpuUsage(this.begun.cpu);
    const p99Ms = this.histogram.percentile(99) / 1e6;
    return {
      cpuUtilization: (user + system) / 1_000 / elapsedMs,
      eventLoopDelayP99Ms: Number.isFinite(p99Ms) ? Math.max(0, p99Ms - resolutionMs) : 0,
      gcUtilization: this.gcMs / elapsedMs,
    };
  }
}
