import { setTimeout as delay } from 'node:timers/promises';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { KinesisEndpoint } from '../../../src/technologies/kinesis.ts';
import type { Outcome } from '../../measure/ledger.ts';
import type { OutgoingMessage } from '../../measure/message-pool.ts';
import type { DriverProducer, ProducerContext } from '../driver.ts';
import { connectKinesis } from './client.ts';
import { recordFailure, requestFailure } from './errors.ts';

/** Limits of a PutRecords request. */
const maxRecords = 500;
const maxRequestBytes = 5 * 1024 * 1024;

/** Bytes of a random partition key. */
const randomKeyBytes = 13;

/**
 * How long a record may wait for company: half of what Amazon's own producer library waits, and little beside the
 * 200 ms between a consumer's polls. It saves most requests, each of which costs MiniStack a look at every record
 * that the stream holds.
 */
const lingerMs = 50;

/** Requests under way at once. */
const maxInFlight = 32;

/** From its first attempt on; then a record is given up on. */
const deliveryTimeoutMs = 30_000;
const firstBackoffMs = 50;
const maxBackoffMs = 1_000;

/** Sends records with PutRecords, and those that fail again, each by itself, until they are taken or given up on. */
export async function createKinesisProducer(
  context: Omit<ProducerContext, 'endpoint'> & { endpoint: KinesisEndpoint },
): Promise<DriverProducer> {
  const { endpoint } = context;
  const client = connectKinesis(endpoint, maxInFlight);
  const closing = new AbortController();
  let waiting: OutgoingMessage[] = [];
  let waitingBytes = 0;
  const queue: OutgoingMessage[][] = [];
  let inFlight = 0;
  let lingerTimer: NodeJS.Timeout | null = null;

  const bytesOf = (message: OutgoingMessage) =>
    message.value.length + (message.key?.length ?? randomKeyBytes);

  function closeBatch(): void {
    if (lingerTimer) clearTimeout(lingerTimer);
    lingerTimer = null;
    if (waiting.length === 0) return;
    queue.push(waiting);
    waiting = [];
    waitingBytes = 0;
    drain();
  }

  function drain(): void {
    while (inFlight < maxInFlight && queue.length > 0 && !closing.signal.aborted) {
      inFlight++;
      void deliver(queue.shift() as OutgoingMessage[]).finally(() => {
        inFlight--;
        drain();
      });
    }
  }

  async function deliver(batch: OutgoingMessage[]): Promise<void> {
    const giveUpMs = performance.now() + deliveryTimeoutMs;
    let left = batch;
    for (let backoffMs = firstBackoffMs; ; backoffMs = Math.min(maxBackoffMs, backoffMs * 2)) {
      const { again, retriable } = await attempt(left);
      left = again;
      if (left.length === 0) return;
      if (!retriable || closing.signal.aborted || performance.now() + backoffMs > giveUpMs) break;
      await delay(backoffMs * (0.5 + Math.random()), null, { signal: closing.signal }).catch(() => {});
    }
    const inDoubt = left.filter(({ doubts }) => doubts > 0);
    const refused = left.filter(({ doubts }) => doubts === 0);
    settle(inDoubt, 'indeterminate');
    settle(refused, 'failed');
  }

  /** One request. Settles what was taken; returns what was not. */
  async function attempt(
    batch: OutgoingMessage[],
  ): Promise<{ again: OutgoingMessage[]; retriable: boolean }> {
    const Records = batch.map(({ value, key }) => ({
      Data: value,
      PartitionKey: key?.toString() ?? randomKey(),
    }));
    try {
      const answer = await client.send(new PutRecordsCommand({ StreamName: endpoint.streamName, Records }));
      if (!answer.FailedRecordCount) {
        settle(batch, 'acknowledged');
        return { again: [], retriable: true };
      }
      const again: OutgoingMessage[] = [];
      const taken: OutgoingMessage[] = [];
      let throttled = 0;
      batch.forEach((message, index) => {
        const code = answer.Records?.[index]?.ErrorCode;
        if (!code) {
          taken.push(message);
          return;
        }
        const failure = recordFailure(code);
        if (failure.inDoubt) message.doubts++;
        if (failure.throttled) throttled++;
        again.push(message);
      });
      settle(taken, 'acknowledged');
      if (throttled > 0) context.throttled(throttled);
      return { again, retriable: true };
    } catch (error) {
      const failure = requestFailure(error);
      context.log('warn', 'PutRecords failed', { reason: failure.reason, retriable: failure.retriable });
      if (failure.inDoubt) for (const message of batch) message.doubts++;
      if (failure.throttled) context.throttled(batch.length);
      return { again: batch, retriable: failure.retriable };
    }
  }

  function settle(messages: OutgoingMessage[], outcome: Outcome): void {
    if (messages.length > 0) context.settle(messages, outcome);
  }

  return {
    send(message) {
      const bytes = bytesOf(message);
      if (waitingBytes + bytes > maxRequestBytes) closeBatch();
      waiting.push(message);
      waitingBytes += bytes;
      if (waiting.length === maxRecords) closeBatch();
      else lingerTimer ??= setTimeout(closeBatch, lingerMs);
    },
    flush: closeBatch,
    async close() {
      closing.abort();
      if (lingerTimer) clearTimeout(lingerTimer);
      client.destroy();
    },
  };
}

/** Keys drawn at random put the records on the shards evenly. */
function randomKey(): string {
  return (
    Math.random()
      .toString(36)
      .slice(2, 2 + randomKeyBytes) || '0'
  );
}
