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

export interface ConstantRate {
  /** Of all producers together, R. */
  messagesPerSecond: number;
  /** D. */
  durationSeconds: number;
  /** P. */
  producers: number;
  /** p, from 0. */
  producer: number;
}

/**
 * A constant rate, shared evenly.
 *
 *     The k-th message of all is meant for t(k) = k / R, for every k with t(k) < D, hence N = ⌈R·D⌉ messages.
 *     Producer p of P sends k = s·P + p for s = 0, 1, …: every P-th, so the shares interleave and add up to N exactly.
 *     total(p)      = ⌈(N − p) / P⌉
 *     intended(s)   = (s·P + p) / R
 *     dueBy(t)      = ⌊(R·t − p) / P⌋ + 1
 */
export function constantPace({
  messagesPerSecond,
  durationSeconds,
  producers,
  producer,
}: ConstantRate): Pace {
  if (!(producer >= 0 && producer < producers))
    throw new RangeError(`no producer ${producer} of ${producers}`);
  // R·D of decimal fractions may come out a hair above the whole number that was meant.
  const all = Math.ceil(messagesPerSecond * durationSeconds * (1 - 1e-12));
  const total = Math.max(0, Math.ceil((all - producer) / producers));
  const intervalMicros = 1e6 / messagesPerSecond;
  const intendedMicros = (sequence: number) => (sequence * producers + producer) * intervalMicros;
  return {
    total,
    intendedMicros,
    dueBy(elapsedMicros) {
      let due = Math.floor((elapsedMicros / intervalMicros - producer) / producers) + 1;
      // Rounding may put the estimate one off; `intendedMicros` decides.
      while (due > 0 && intendedMicros(due - 1) > elapsedMicros) due--;
      while (due < total && due >= 0 && intendedMicros(due) <= elapsedMicros) due++;
      return Math.min(total, Math.max(0, due));
    },
  };
}
