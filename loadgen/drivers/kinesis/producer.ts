import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { type KinesisSettings, kinesis } from '../../../src/technologies/kinesis.ts';
import type { OutgoingMessage } from '../../measure/message-pool.ts';
import type { MessageProducer, ProducerContext } from '../driver.ts';
import type { AttemptResult } from '../sender/attempts.ts';
import { systemClock } from '../sender/clock.ts';
import { LingerTimer } from '../sender/linger-timer.ts';
import { Sender } from '../sender/sender.ts';
import { Settlements } from '../sender/settlements.ts';
import { connectKinesis } from './connection.ts';
import type { KinesisPlace } from './place.ts';
import { KinesisRecord } from './record.ts';
import { maxRecords, maxRequestBytes, SendQueue } from './send-queue.ts';
import { KinesisTransport } from './transport.ts';

type Context = ProducerContext<KinesisSettings, KinesisPlace>;

/** Sends records with PutRecords, and those that fail again, until they are taken or given up on. */
export class KinesisProducer implements MessageProducer {
  private readonly client: KinesisClient;
  private readonly queue: SendQueue<KinesisRecord>;
  private readonly settlements: Settlements;
  private readonly sender: Sender<KinesisRecord>;
  private readonly linger: LingerTimer;
  /**
   * How long a record may wait for company: little beside the 200 ms between a consumer's polls, it saves most requests,
   * each of which costs MiniStack a look at every record that the stream holds.
   */
  private readonly lingerMs: number;
  /** The records of the next batch. */
  private filling: KinesisRecord[] = [];
  private fillingBytes = 0;
  private fillingSinceMs = 0;

  constructor(context: Context) {
    const { endpoint, log } = context;
    const { lingerMs, maxInFlightRequests } = context.settings;
    this.lingerMs = lingerMs;
    this.client = connectKinesis(endpoint, maxInFlightRequests);
    const transport = new KinesisTransport(this.client, endpoint.streamName);
    const settlements = new Settlements(context.settle);
    this.settlements = settlements;
    this.queue = new SendQueue({
      messagesPerSecond: shareOfCeiling(context),
      bytesOf: ({ bytes }) => bytes,
      random: Math.random,
    });
    this.sender = new Sender({
      window: this.queue,
      clock: systemClock,
      maxRequests: maxInFlightRequests,
      attempt: async (batch) => {
        const results = await transport.request(batch);
        this.sender.ended(batch, (_, index) => results[index] as AttemptResult);
      },
      settle: ({ message }, outcome, reason) => settlements.add(message, outcome, reason),
      throttled: (_, reason) => context.throttled(1, reason),
      doubted: () => context.doubted(1),
      log,
    });
    this.linger = new LingerTimer(
      systemClock,
      () => (this.filling.length > 0 ? this.fillingSinceMs + lingerMs - systemClock.nowMs() : null),
      () => this.flush(),
    );
  }

  send(message: OutgoingMessage): void {
    const record = new KinesisRecord(message);
    if (this.fillingBytes + record.bytes > maxRequestBytes) this.flush();
    if (this.filling.length === 0) this.fillingSinceMs = systemClock.nowMs();
    this.filling.push(record);
    this.fillingBytes += record.bytes;
    if (this.filling.length === maxRecords) this.flush();
    else if (this.lingerMs > 0) this.linger.start(this.lingerMs);
    else this.flush();
  }

  flush(): void {
    if (this.filling.length === 0) return;
    this.queue.add(this.filling);
    this.filling = [];
    this.fillingBytes = 0;
    this.sender.drain();
  }

  giveUpWaiting(): void {
    this.flush();
    this.sender.giveUpWaiting();
    this.settlements.flush();
  }

  async close(): Promise<void> {
    this.flush();
    this.linger.stop();
    this.sender.close();
    this.settlements.flush();
    this.client.destroy();
  }
}

/** This producer's share of what the stream takes in a second by its published quotas; 0 where there are none. */
function shareOfCeiling({ settings, messageSizeBytes, count }: Context): number {
  const ceiling = kinesis.ceiling(settings, { messageSizeBytes, keyBytes: null });
  return (ceiling?.messagesPerSecond ?? 0) / count;
}
