import { setTimeout as delay } from 'node:timers/promises';
import type { ProducerContext } from '../driver.ts';
import { type AttemptResult, Attempts } from '../sender/attempts.ts';
import type { Batch } from './accumulator.ts';

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
      const attempts = new Attempts(performance.now());
      for (;;) {
        const result = await attempt(batches);
        if (result.kind === 'acknowledged') {
          for (const batch of batches) context.settle(batch.messages, 'acknowledged');
          return;
        }
        context.log('warn', 'a produce request failed', {
          reason: result.reason,
          retriable: result.retriable,
        });
        const waitMs = attempts.afterFailure(result, performance.now());
        if (waitMs === null || closing.signal.aborted) break;
        if (result.kind === 'refused') {
          context.throttled(batches.reduce((sum, batch) => sum + batch.messages.length, 0));
        }
        await delay(waitMs, null, { signal: closing.signal }).catch(() => {});
      }
      for (const batch of batches) context.settle(batch.messages, attempts.outcome);
    },
    close: () => closing.abort(),
  };
}
