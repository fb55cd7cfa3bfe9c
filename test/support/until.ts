import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { inspect } from 'node:util';

/** What of `T` can be truthy. */
type Truthy<T> = Exclude<T, null | undefined | false | 0 | ''>;

export interface UntilOptions {
  /** Past it, the wait was in vain. */
  timeoutMs?: number;
  /** Passes between the end of one look and the next, however long a look takes; 0 is a turn of the event loop. */
  everyMs?: number;
}

/**
 * Where nothing else is asked for, a look that takes long, as one over HTTP or through all processes, is followed by a longer
 * pause, so that looking does not take the processors of what is waited for.
 */
const pausePerLook = 4;
const shortestPauseMs = 10;
const longestPauseMs = 250;

function pauseAfter(lookedMs: number): number {
  return Math.min(longestPauseMs, Math.max(shortestPauseMs, lookedMs * pausePerLook));
}

/**
 * Looks often until a condition holds. A condition that throws does not hold yet.
 * @param what what is waited for, as it would follow "waited for"
 * @returns the first truthy value of the condition
 * @throws Error after `timeoutMs` (60 s), also when a look itself hangs; with what was waited for, for how long, and
 *   what the last look saw
 */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  { timeoutMs = 60_000, everyMs }: UntilOptions = {},
): Promise<Truthy<T>> {
  const began = performance.now();
  const expiry = new AbortController();
  const expired = delay(timeoutMs, 'expired' as const, { signal: expiry.signal });
  expired.catch(() => {});
  let seen = 'no look came to an end';
  try {
    for (;;) {
      const lookBegan = performance.now();
      const looked = (async () => condition())().then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      );
      const look = await Promise.race([looked, expired]);
      if (look === 'expired') break;
      if ('value' in look && look.value) return look.value as Truthy<T>;
      seen = 'error' in look ? `the last look threw ${show(look.error)}` : `last seen: ${show(look.value)}`;
      if (performance.now() - began >= timeoutMs) break;
      const pauseMs = everyMs ?? pauseAfter(performance.now() - lookBegan);
      await (pauseMs > 0 ? delay(pauseMs) : nextTurn());
    }
  } finally {
    expiry.abort();
  }
  throw new Error(`waited for ${what}, in vain for ${Math.round(timeoutMs) / 1_000} s (${seen})`);
}

function show(value: unknown): string {
  return value instanceof Error ? String(value) : inspect(value, { depth: 4, breakLength: Infinity });
}
