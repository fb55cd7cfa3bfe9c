import { monotonicMicros } from '../measure/clock.ts';

/** A stretch of time, in monotonic microseconds. */
export interface Window {
  startMicros: number;
  endMicros: number;
}

/** Calls back when a window opens, and when it has passed or is ended before; each once, the second never alone. */
export class ScheduleTimers {
  private readonly shut: () => void;
  private readonly timers: NodeJS.Timeout[];
  private state: 'before' | 'open' | 'shut' = 'before';

  constructor({ startMicros, endMicros }: Window, open: () => void, shut: () => void) {
    this.shut = shut;
    const untilMs = (micros: number) => Math.max(0, (micros - monotonicMicros()) / 1_000);
    const opening = () => {
      this.state = 'open';
      open();
    };
    this.timers = [
      setTimeout(opening, untilMs(startMicros)),
      setTimeout(() => this.end(), untilMs(endMicros)),
    ];
    for (const timer of this.timers) timer.unref();
  }

  /** Ends the window, where it has not ended. */
  end(): void {
    for (const timer of this.timers) clearTimeout(timer);
    const isOpen = this.state === 'open';
    this.state = 'shut';
    if (isOpen) this.shut();
  }
}
