import { monotonicMicros } from '../../measure/clock.ts';

/** What a sender knows of time; tests simulate it. */
export interface Clock {
  /** Milliseconds of the host's monotonic clock, with fractions; the messages' times are microseconds of the same. */
  nowMs(): number;
  /** Calls back once after this time, unless cancelled. */
  after(ms: number, callback: () => void): Timer;
}

export interface Timer {
  cancel(): void;
}

export const systemClock: Clock = {
  nowMs: () => monotonicMicros() / 1_000,
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};
