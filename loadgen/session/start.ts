import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMicros } from '../measure/clock.ts';
import { SessionError } from '../session-error.ts';

/** For the threads to hear of the start before it comes. */
const startLeadMs = 20;

const lookEveryMs = 10;

/** Nothing left of the round before has come for so long. */
const quietMs = 1_000;

/** So long is waited for it. */
export const mostLeftoverMs = 5 * 60_000;

/**
 * Waits until nothing of earlier rounds arrives any more: it would take the consumers' time, and the messages of this round
 * would wait behind it.
 * @param arrived how much of it has come so far
 * @param signal ends the waiting, without an error
 * @throws SessionError when there is no end to it
 */
export async function untilNothingIsLeft(arrived: () => number, signal: AbortSignal): Promise<void> {
  const deadlineMs = performance.now() + mostLeftoverMs;
  let seen = arrived();
  let quietSinceMs = performance.now();
  while (!signal.aborted && performance.now() - quietSinceMs < quietMs) {
    if (performance.now() > deadlineMs) {
      throw new SessionError(
        'undrained',
        `what was left of the round before still arrived after ${mostLeftoverMs / 1_000} s`,
      );
    }
    await delay(lookEveryMs);
    const now = arrived();
    if (now === seen) continue;
    seen = now;
    quietSinceMs = performance.now();
  }
}

/**
 * When a round begins for which everybody here is ready, monotonic: when it is wanted, or as soon as everybody is. What is
 * due before would be sent late, and count as the product's latency.
 * @param startAtEpochMs when it is wanted, as others know it; null where each begins when it likes
 * @param agreedEpochMs what all load generators have agreed on; null where there is one, or each begins when it likes
 * @throws SessionError when they have begun without this one
 */
export function startOf(
  wantedMicros: number,
  startAtEpochMs: number | null,
  agreedEpochMs: number | null,
): number {
  const now = monotonicMicros();
  if (startAtEpochMs === null || agreedEpochMs === null)
    return Math.max(wantedMicros, now + startLeadMs * 1_000);
  // From the one time that was read off the wall clock, lest an adjusted one moves the schedule.
  const startMicros = wantedMicros + (agreedEpochMs - startAtEpochMs) * 1_000;
  if (startMicros >= now) return startMicros;
  const lateMs = Math.round((now - startMicros) / 1_000);
  throw new SessionError(
    'started-late',
    `heard ${lateMs} ms after the start that all load generators were ready`,
  );
}
