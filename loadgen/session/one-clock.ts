import { z } from 'zod';
import { SessionError } from '../session-error.ts';
import type { Exchange } from './exchange.ts';

const topic = 'clock';

/**
 * Resolves once all load generators of the session are known to go by one clock: a message may come to the consumer of any
 * of them, and a latency between two clocks is none.
 * @param own the clock of this one
 * @param signal ends the waiting, without an error
 * @throws SessionError when they do not, or one of them is not heard of
 */
export async function onOneClock(
  exchange: Pick<Exchange, 'others' | 'post' | 'postsOf' | 'pollUntil'>,
  own: string,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<void> {
  await exchange.post(topic, own);
  let elsewhere: (string | null)[] = [];
  await exchange.pollUntil(
    'the other load generators did not tell by which clock they go',
    async () => {
      elsewhere = await exchange.postsOf(topic, z.string(), exchange.others);
      return elsewhere.every((clock) => clock !== null);
    },
    signal,
    timeoutMs,
  );
  const clocks = new Set([own, ...elsewhere.filter((clock) => clock !== null)]);
  if (clocks.size === 1) return;
  throw new SessionError(
    'clocks-differ',
    `the ${exchange.others.length + 1} load generators run on ${clocks.size} hosts, each with a clock of its own, and a latency between two clocks is none: run all load generators of an experiment on one host, or a single one that is larger`,
  );
}
