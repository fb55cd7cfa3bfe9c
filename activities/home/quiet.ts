import { setTimeout as delay } from 'node:timers/promises';
import { type Attempt, assertOwned } from './attempt.ts';
import { NotQuietError } from './errors.ts';

/**
 * Which experiment of a target is being measured; null when none is, or when the given one holds a slot itself: what it
 * does then is part of its own turn; undefined when it cannot be told, for a few minutes at most.
 */
export type MeasuredNow = (target: string, experimentId: string) => Promise<Measured>;
export type Measured = string | null | undefined;

const stepMs = 1_000;
const lookEverySteps = 10;
/** Longer than most measurements; the activity's own time must leave room for the destroy. */
const longestSteps = 3_600;

/** @throws NotQuietError while another experiment is measured, or may be */
export async function assertQuiet(measuredNow: () => Promise<Measured>): Promise<void> {
  const measured = await measuredNow();
  if (measured !== null) throw new NotQuietError(waitFor(measured));
}

/**
 * For workflows before 0.3.0, which do not wait themselves. Waits while another experiment is measured, for terraform takes enough of the processor to show in its latencies; an
 * hour at most.
 * @param pause waits for so many milliseconds
 * @throws AttemptLostError when the attempt was given up meanwhile
 */
export async function untilQuiet(
  measuredNow: () => Promise<Measured>,
  attempt: Attempt,
  pause: (ms: number) => Promise<unknown> = delay,
): Promise<void> {
  for (let step = 0; step < longestSteps; step += 1) {
    assertOwned(attempt);
    if (step % lookEverySteps === 0) {
      const measured = await measuredNow();
      if (measured === null) return;
      attempt.report({ waitsFor: waitFor(measured) });
    }
    await pause(stepMs);
  }
}

function waitFor(measured: string | undefined): string {
  return measured === undefined
    ? 'an answer to who is being measured'
    : `the end of the measurement of ${measured}`;
}
