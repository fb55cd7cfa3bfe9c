import type { RateStep } from '../../src/contracts/input/workload.ts';

/** The intended send times of one producer's share of the load; pure, so that lateness never shifts the schedule. */
export interface Pace {
  /** Messages of the whole schedule. */
  readonly total: number;
  /** Intended send time of a message, in microseconds since the start of the schedule. */
  intendedMicros(sequence: number): number;
  /** How many messages have an intended time at or before this moment; at most `total`. */
  dueBy(elapsedMicros: number): number;
}

/** What a pacer answers: how long until the next message, or that the schedule is done. */
export interface Wait {
  waitMicros: number;
  done: boolean;
}

/**
 * When to send next, given the time since the start and the messages handed over so far.
 *
 *     wait = max(0, intended(handed) − elapsed),   done = (handed = total)
 *
 * It depends on nothing else: who is late gets 0 until the schedule has caught up.
 */
export function nextWait(pace: Pace, elapsedMicros: number, handed: number): Wait {
  if (handed >= pace.total) return { waitMicros: 0, done: true };
  return { waitMicros: Math.max(0, pace.intendedMicros(handed) - elapsedMicros), done: false };
}

export interface Schedule {
  /** Rates of all producers together, one after another. */
  steps: readonly RateStep[];
  /** P. */
  producers: number;
  /** p, from 0. */
  producer: number;
}

/** A step with its place in the schedule. */
interface Placed {
  startMicros: number;
  intervalMicros: number;
  /** Number of its first message, and of the first after it. */
  first: number;
  end: number;
}

/**
 * Rates one after another, shared evenly.
 *
 *     Step i has rate R(i) and lasts D(i); it begins at T(i) = D(0) + … + D(i−1) with message N(i).
 *     Message k of it is meant for t(k) = T(i) + (k − N(i)) / R(i), for every k with t(k) < T(i+1), hence
 *     N(i+1) = N(i) + ⌈R(i)·D(i)⌉; a rate of 0 is a pause.
 *     Producer p of P sends k = s·P + p for s = 0, 1, …: every P-th, so the shares interleave and add up exactly.
 *     total(p)      = ⌈(N − p) / P⌉
 *     intended(s)   = t(s·P + p)
 *     dueBy(t)      = the number of s with intended(s) ≤ t
 */
export function paceOf({ steps, producers, producer }: Schedule): Pace {
  if (!(producer >= 0 && producer < producers))
    throw new RangeError(`no producer ${producer} of ${producers}`);
  const placed = place(steps);
  const all = placed.at(-1)?.end ?? 0;
  const total = Math.max(0, Math.ceil((all - producer) / producers));
  // Asked for in order as a rule, so the step found last is the best guess.
  let current = placed[0] as Placed;
  const intendedMicros = (sequence: number) => {
    const message = sequence * producers + producer;
    if (message < current.first || message >= current.end) current = stepOf(placed, message);
    return current.startMicros + (message - current.first) * current.intervalMicros;
  };
  return {
    total,
    intendedMicros,
    dueBy(elapsedMicros) {
      const step = placed.findLast(({ startMicros }) => startMicros <= elapsedMicros) ?? placed[0];
      if (!step) return 0;
      // In a pause nothing is due, and 0 messages at no interval are no number.
      const begun = Math.floor((elapsedMicros - step.startMicros) / step.intervalMicros) + 1 || 0;
      const message = Math.min(step.end, step.first + begun) - 1;
      let due = Math.floor((message - producer) / producers) + 1;
      // Rounding may put the estimate one off; `intendedMicros` decides.
      while (due > 0 && due <= total && intendedMicros(due - 1) > elapsedMicros) due--;
      while (due < total && due >= 0 && intendedMicros(due) <= elapsedMicros) due++;
      return Math.min(total, Math.max(0, due));
    },
  };
}

/** How long a schedule lasts, in seconds. */
export function durationSecondsOf(steps: readonly RateStep[]): number {
  return steps.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** The rate that a schedule asks for at a moment; 0 outside it. */
export function rateAt(steps: readonly RateStep[], elapsedSeconds: number): number {
  let left = elapsedSeconds;
  if (left < 0) return 0;
  for (const { messagesPerSecond, seconds } of steps) {
    if (left < seconds) return messagesPerSecond;
    left -= seconds;
  }
  return 0;
}

function place(steps: readonly RateStep[]): Placed[] {
  const placed: Placed[] = [];
  let startMicros = 0;
  let first = 0;
  for (const { messagesPerSecond, seconds } of steps) {
    // R·D of decimal fractions may come out a hair above the whole number that was meant.
    const end = first + Math.ceil(messagesPerSecond * seconds * (1 - 1e-12));
    placed.push({ startMicros, intervalMicros: 1e6 / messagesPerSecond, first, end });
    startMicros += seconds * 1e6;
    first = end;
  }
  return placed;
}

function stepOf(placed: Placed[], message: number): Placed {
  const found = placed.find(({ end }) => message < end) ?? placed.findLast(({ first, end }) => end > first);
  if (!found) throw new RangeError('a schedule without messages has no intended times');
  return found;
}
