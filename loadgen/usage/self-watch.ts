import { PerformanceObserver } from 'node:perf_hooks';
import { monotonicMicros } from '../measure/clock.ts';
import { emptyCounts, type LatencyCounts, percentileMs, record } from '../measure/latency-counts.ts';
import { ScheduleTimers, type Window } from './window.ts';

/** How often the event loop is asked to come round. */
export const tickMs = 5;

/** What a thread used within a window. */
export interface Usage {
  /** 1 is one core. */
  cpuUtilization: number;
  /** At 99 of 100 moments, what came to the thread was not kept waiting for longer than this. */
  eventLoopDelayP99Ms: number;
  /** Share of the time in which garbage collection stopped the thread. */
  gcUtilization: number;
}

/**
 * Watches what the thread that it runs in uses within a window, to tell a slow generator from a slow product. The window
 * is the schedule: what a thread does before and after would dilute it.
 */
export class SelfWatch {
  private readonly window: ScheduleTimers;
  private readonly delays = emptyCounts();
  private readonly observer = new PerformanceObserver((list) => this.addPauses(list.getEntries()));
  private gcMs = 0;
  private ticking: NodeJS.Timeout | undefined;
  private tickedMicros = 0;
  private begun: { cpu: NodeJS.CpuUsage; atMicros: number } | null = null;
  private usage: Usage = { cpuUtilization: 0, eventLoopDelayP99Ms: 0, gcUtilization: 0 };

  constructor(window: Window) {
    this.window = new ScheduleTimers(
      window,
      () => this.open(),
      () => this.shut(),
    );
  }

  /** What the thread used within the window, or until now; zeros before it. */
  stop(): Usage {
    this.window.end();
    return this.usage;
  }

  private open(): void {
    this.begun = { cpu: process.threadCpuUsage(), atMicros: monotonicMicros() };
    this.tickedMicros = this.begun.atMicros;
    this.observer.observe({ entryTypes: ['gc'] });
    this.ticking = setInterval(() => this.tick(), tickMs);
    this.ticking.unref();
  }

  private tick(): void {
    const now = monotonicMicros();
    recordDelay(this.delays, now - this.tickedMicros - tickMs * 1_000);
    this.tickedMicros = now;
  }

  private shut(): void {
    if (!this.begun) return;
    clearInterval(this.ticking);
    // A pause that lasts to the end of the window lets no other tick see it.
    this.tick();
    this.addPauses(this.observer.takeRecords());
    this.observer.disconnect();
    const elapsedMicros = monotonicMicros() - this.begun.atMicros;
    if (elapsedMicros <= 0) return;
    const { user, system } = process.threadCpuUsage(this.begun.cpu);
    this.usage = {
      cpuUtilization: (user + system) / elapsedMicros,
      eventLoopDelayP99Ms: percentileMs(this.delays, 99) ?? 0,
      gcUtilization: (this.gcMs * 1_000) / elapsedMicros,
    };
  }

  private addPauses(pauses: readonly { duration: number }[]): void {
    for (const { duration } of pauses) this.gcMs += duration;
  }
}

/**
 * Counts a late tick, and with it every tick that it kept from happening: a pause of 200 ms would else be one late tick
 * among hundreds that were on time, though whatever came in those 200 ms had to wait.
 */
export function recordDelay(delays: LatencyCounts, lateMicros: number): void {
  record(delays, Math.max(0, lateMicros));
  for (let missed = lateMicros - tickMs * 1_000; missed > 0; missed -= tickMs * 1_000) record(delays, missed);
}
