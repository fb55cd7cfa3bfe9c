import { setTimeout as delay } from 'node:timers/promises';
import type { ProducerContext } from '../driver.ts';
import type { Batch } from './accumulator.ts';

/** How one attempt to send a request ended. */
export type AttemptResult =
  | { kind: 'acknowledged' }
  /** Refused by the broker: certain not to have been taken. */
  | { kind: 'refused'; retriable: boolean; reason: string }
  /** It never left the client: certain not to have been taken. */
  | { kind: 'not-sent'; retriable: boolean; reason: string }
  /** Timed out, or the connection broke: it may have been taken, in whole or in part. */
  | { kind: 'in-doubt'; retriable: boolean; reason: string };

/** From the first attempt on, retries included; then a message is given up on. Java's default is 120 s. */
export const deliveryTimeoutMs = 30_000;

const firstBackoffMs = 100;
const maxBackoffMs = 1_000;

/**
 * Sends requests until the broker has acknowledged them, refused them for good, or `deliveryTimeoutMs` has passed.
 * Retrying is done here rather than inside the client because only who sees every attempt can tell `failed` from
 * `indeterminate`: a final refusal after an attempt in doubt leaves the message in doubt.
 */
export function createDelivery(
  context: Pick<ProducerContext, 'settle' | 'throttled' | 'log'>,
  attempt: (batches: Batch[]) => Promise<AttemptResult>,
): { deliver(batches: Batch[]): Promise<void>; close(): void } {
  const closing = new AbortController();
  return {
    async deliver(batches) {
      const giveUpMs = performance.now() + deliveryTimeoutMs;
      let inDoubt = false;
      let backoffMs = firstBackoffMs;
      for (;;) {
        const result = await attempt(batches);
        if (result.kind === 'acknowledged') {
          for (const batch of batches) context.settle(batch.messages, 'acknowledged');
          return;
        }
        inDoubt ||= result.kind === 'in-doubt';
        context.log('warn', 'a produce request failed', {
          reason: result.reason,
          retriable: result.retriable,
        });
        if (!result.retriable || closing.signal.aborted || performance.now() + backoffMs > giveUpMs) break;
        if (result.kind === 'refused') {
          context.throttled(batches.reduce((sum, batch) => sum + batch.messages.length, 0));
        }
        // Jitter, so that several requests do not come back together.
        await delay(backoffMs * (0.8 + 0.4 * Math.random()), null, { signal: closing.signal }).catch(
          () => {},
        );
        backoffMs = Math.min(maxBackoffMs, backoffMs * 2);
      }
      for (const batch of batches) context.settle(batch.messages, inDoubt ? 'indeterminate' : 'failed');
    },
    close: () => closing.abort(),
  };
}
