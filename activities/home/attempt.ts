import { AttemptLostError } from '../../src/temporal/activity-error.ts';
import type { AttemptEnding } from '../../src/temporal/cancellation.ts';
import { sinceBootMs } from './runs/stop-decision.ts';

/** One attempt of an activity, as the code below the Temporal boundary sees it. */
export interface Attempt {
  /** null while it may go on. */
  ending(): AttemptEnding | null;
  /** Tells what is going on; shown as the pending activity's heartbeat. */
  report(details: unknown): void;
}

/** An attempt that nothing ends, for use outside Temporal. */
export const endlessAttempt: Attempt = { ending: () => null, report: () => {} };

/**
 * To be called before anything is written or started.
 * @throws AttemptLostError when the attempt may no longer
 */
export function assertOwned(attempt: Attempt): void {
  if (attempt.ending() === 'lost') {
    throw new AttemptLostError('this attempt was given up by Temporal or its worker stops; another goes on');
  }
}

/**
 * Whether a process that looks at the clock more often than that has slept for so long that Temporal may have given its
 * attempt to another worker. Once true, always true.
 */
export function createFreezeDetector(maxGapMs: number, now: () => number = sinceBootMs): { tick(): boolean } {
  let last = now();
  let frozen = false;
  return {
    tick() {
      const current = now();
      if (current - last > maxGapMs) frozen = true;
      last = current;
      return frozen;
    },
  };
}
