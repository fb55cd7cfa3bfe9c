import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { type KinesisEndpoint, kinesis, kinesisSettingsSchema } from '../../../src/technologies/kinesis.ts';
import { monotonicMicros } from '../../measure/clock.ts';
import type { Outcome } from '../../measure/ledger.ts';
import type { OutgoingMessage } from '../../measure/message-pool.ts';
import type { DriverProducer, ProducerContext } from '../driver.ts';
import { connectKinesis } from './connection.ts';
import { recordFailure, requestFailure } from './errors.ts';
import { maxRecords, maxRequestBytes, SendQueue } from './send-queue.ts';

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

/**
 * From its handing over on; then a record is given up on, tried or not. Less than the 30 s that a load drains by default,
 * so that what a full stream did not take is known never to have been taken.
 */
const deliveryTimeoutMs = 25_000;

const nowMs = () => monotonicMicros() / 1_000;

type Context = Omit<ProducerContext, 'endpoint'> & { endpoint: KinesisEndpoint };

/** Sends records with PutRecords, and those that fail again, until they are taken or given up on. */
export async function createKinesisProducer(context: Context): Promise<DriverProducer> {
  const { endpoint } = context;
  const client = connectKinesis(endpoint, maxInFlight);
  const queue = new SendQueue({
    messagesPerSecond: shareOfCeiling(context),
    bytesOf,
    random: Math.random,
  });
  let closed = false;
  let waiting: OutgoingMessage[] = [];
  let waitingBytes = 0;
  let lingerTimer: NodeJS.Timeout | null = null;
  let wakeTimer: NodeJS.Timeout | null = null;
  let inFlight = 0;
  let unanswered = 0;

  function closeBatch(): void {
    if (lingerTimer) clearTimeout(lingerTimer);
    lingerTimer = null;
    if (waiting.length === 0) return;
    queue.add(waiting);
    waiting = [];
    waitingBytes = 0;
    drain();
  }

  function drain(): void {
    if (wakeTimer) clearTimeout(wakeTimer);
    wakeTimer = null;
    giveUp(queue.takeOlderThan(monotonicMicros() - deliveryTimeoutMs * 1_000));
    while (inFlight < maxInFlight && !closed) {
      const batch = queue.next(nowMs());
      if (!batch) break;
      inFlight++;
      void attempt(batch).finally(() => {
        inFlight--;
        drain();
      });
    }
    // With no room for another request, it is the end of one that goes on.
    const wakeAtMs = inFlight < maxInFlight && !closed ? queue.wakeAtMs : null;
    if (wakeAtMs !== null) wakeTimer = setTimeout(drain, Math.max(1, wakeAtMs - nowMs()));
  }

  /** One request. Settles what was taken; what was not goes again, unless its time is over. */
  async function attempt(batch: OutgoingMessage[]): Promise<void> {
    const startedMs = nowMs();
    const { refused, retriable } = await request(batch);
    const endedMs = nowMs();
    const goesAgain = ({ sentMicros }: OutgoingMessage) =>
      retriable && endedMs < sentMicros / 1_000 + deliveryTimeoutMs;
    const again = refused.filter(goesAgain);
    queue.ended({ batch, again, nowMs: endedMs, tookMs: endedMs - startedMs, unanswered });
    giveUp(refused.filter((message) => !goesAgain(message)));
  }

  async function request(
    batch: OutgoingMessage[],
  ): Promise<{ refused: OutgoingMessage[]; retriable: boolean }> {
    const Records = batch.map(({ value, key }) => ({
      Data: value,
      PartitionKey: key?.toString() ?? randomKey(),
    }));
    try {
      const answer = await client.send(new PutRecordsCommand({ StreamName: endpoint.streamName, Records }));
      unanswered = 0;
      if (!answer.FailedRecordCount) {
        settle(batch, 'acknowledged');
        return { refused: [], retriable: true };
      }
      const refused: OutgoingMessage[] = [];
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
        refused.push(message);
      });
      settle(taken, 'acknowledged');
      if (throttled > 0) context.throttled(throttled);
      return { refused, retriable: true };
    } catch (error) {
      const failure = requestFailure(error);
      context.log('warn', 'PutRecords failed', { reason: failure.reason, retriable: failure.retriable });
      if (failure.inDoubt) for (const message of batch) message.doubts++;
      if (failure.throttled) context.throttled(batch.length);
      else unanswered++;
      return { refused: batch, retriable: failure.retriable };
    }
  }

  function giveUp(messages: OutgoingMessage[]): void {
    settle(
      messages.filter(({ doubts }) => doubts > 0),
      'indeterminate',
    );
    settle(
      messages.filter(({ doubts }) => doubts === 0),
      'failed',
    );
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
      closed = true;
      if (lingerTimer) clearTimeout(lingerTimer);
      if (wakeTimer) clearTimeout(wakeTimer);
      client.destroy();
    },
  };
}

/** This producer's share of what the stream takes in a second by its published quotas; 0 where there are none. */
function shareOfCeiling({ settings, messageSizeBytes, count }: Context): number {
  const ceiling = kinesis.ceiling(kinesisSettingsSchema.parse(settings), messageSizeBytes);
  return (ceiling?.messagesPerSecond ?? 0) / count;
}

function bytesOf({ value, key }: OutgoingMessage): number {
  return value.length + (key?.length ?? randomKeyBytes);
}

/** Keys drawn at random put the records on the shards evenly. */
function randomKey(): string {
  return (
    Math.random()
      .toString(36)
      .slice(2, 2 + randomKeyBytes) || '0'
  );
}
