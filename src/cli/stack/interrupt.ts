/** What an interrupt means, by when the first one came. */
export type Interrupt = 'first' | 'repeat' | 'second';

/**
 * One Ctrl-C in a terminal reaches us twice within milliseconds: from the terminal, and passed on by the bootstrap.
 * Only one that comes later than this is a person's second.
 */
const repeatWindowMs = 500;

/** Decides what an interrupt means. `firstAtMs` is null while there was none. */
export function classifyInterrupt(firstAtMs: number | null, nowMs: number): Interrupt {
  if (firstAtMs === null) return 'first';
  return nowMs - firstAtMs > repeatWindowMs ? 'second' : 'repeat';
}

export interface Interrupts {
  /** Aborted by the first interrupt. */
  first: AbortSignal;
  /** Aborted by the second. */
  second: AbortSignal;
  /** Leaves the signals to their default again. */
  dispose(): void;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Turns the signals that end a program into a first and a second interrupt. */
export function listenForInterrupts(now: () => number = () => performance.now()): Interrupts {
  const first = new AbortController();
  const second = new AbortController();
  let firstAtMs: number | null = null;
  const listener = () => {
    const meaning = classifyInterrupt(firstAtMs, now());
    if (meaning === 'first') {
      firstAtMs = now();
      first.abort();
    } else if (meaning === 'second') {
      second.abort();
    }
  };
  for (const signal of signals) process.on(signal, listener);
  // A terminal that was closed cannot be written to; that must not end us before the stack is stopped.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  return {
    first: first.signal,
    second: second.signal,
    dispose: () => {
      for (const signal of signals) process.off(signal, listener);
    },
  };
}
