import { cpus } from 'node:os';
import type { HostUsage } from '../../src/contracts/documents/load-parts.ts';
import { monotonicMicros } from '../measure/clock.ts';
import { type HostTimes, hostUsage, readHostTimes } from './host-watch.ts';
import { ScheduleTimers, type Window } from './window.ts';

/** What this process used within a window, and what the whole machine did meanwhile. */
export interface ProcessUsage {
  /** Cores that all threads together used. */
  cpuUtilization: number;
  /** null where the machine does not tell. */
  host: HostUsage | null;
}

/** Watches this process, and the machine, within a window: that of the schedule. */
export class ProcessWatch {
  private readonly window: ScheduleTimers;
  private begun: { cpu: NodeJS.CpuUsage; atMicros: number; host: HostTimes | null } | null = null;
  private usage: ProcessUsage = { cpuUtilization: 0, host: null };

  constructor(window: Window) {
    this.window = new ScheduleTimers(
      window,
      () => this.open(),
      () => this.shut(),
    );
  }

  /** What was used within the window, or until now; zeros before it. */
  stop(): ProcessUsage {
    this.window.end();
    return this.usage;
  }

  private open(): void {
    const host = readHostTimes();
    this.begun = { cpu: process.cpuUsage(), atMicros: monotonicMicros(), host };
  }

  private shut(): void {
    if (!this.begun) return;
    const elapsedMicros = monotonicMicros() - this.begun.atMicros;
    const { user, system } = process.cpuUsage(this.begun.cpu);
    const host = readHostTimes();
    if (elapsedMicros <= 0) return;
    this.usage = {
      cpuUtilization: (user + system) / elapsedMicros,
      host: this.begun.host && host && hostUsage(this.begun.host, host, cpus().length),
    };
  }
}
