import {
  type ChildShard,
  type KinesisClient,
  SubscribeToShardCommand,
  type SubscribeToShardEvent,
  type SubscribeToShardEventStream,
} from '@aws-sdk/client-kinesis';
import { monotonicMicros } from '../../measure/clock.ts';
import type { DriverConsumer } from '../driver.ts';
import { connectKinesisStreams } from './connection.ts';
import { failureOfRequest } from './errors.ts';
import {
  asBuffer,
  type KinesisConsumerContext,
  type ReadShard,
  readShare,
  ShardReader,
} from './shard-reader.ts';

/** An event comes every 5 s, with or without records: who hears nothing for this long has lost its connection. */
const silenceMs = 15_000;

/** Within this after a subscription began, the service refuses the next one to the same shard. */
const againAfterMs = 5_000;

/** After a refusal or a broken connection; the service takes one call a second for each shard. */
const retryMs = 1_000;

/** What trying again may help against, beside what is said of the rate and what was not answered. */
const passing = new Set(['ResourceInUseException', 'InternalFailureException', 'KMSThrottlingException']);

/**
 * Subscribes to every k-th shard of the stream, k being the number of consumers, by way of the one consumer that terraform
 * has registered for all of them: none reads a shard that another reads, so each record comes once. Resolves once each
 * subscription was accepted.
 * @throws when terraform has registered none
 */
export async function createFanOutConsumer(
  context: KinesisConsumerContext,
  silentMs = silenceMs,
): Promise<DriverConsumer> {
  const { consumerArn } = context.endpoint;
  if (consumerArn === null) {
    throw new Error(
      `the stream ${context.endpoint.streamName} has no consumer with enhanced fan-out; have terraform register one (fan_out_consumers), or use consumer: polling`,
    );
  }
  const client = connectKinesisStreams(context.endpoint);
  const reader = new FanOutReader(client, context, consumerArn, silentMs);
  return readShare(reader, client, context, retryMs).catch(async (error) => {
    await reader.close();
    throw error;
  });
}

/** How far a shard was read, and what follows it; null while it goes on. */
interface Progress {
  lastSequence: string | undefined;
  children: readonly ChildShard[] | null;
}

class FanOutReader extends ShardReader {
  private readonly client: KinesisClient;
  private readonly consumerArn: string;
  private readonly silentMs: number;

  constructor(client: KinesisClient, context: KinesisConsumerContext, consumerArn: string, silentMs: number) {
    super(context);
    this.client = client;
    this.consumerArn = consumerArn;
    this.silentMs = silentMs;
  }

  protected end(): void {
    this.client.destroy();
  }

  protected async readAll(shard: ReadShard): Promise<void> {
    const progress: Progress = { lastSequence: undefined, children: null };
    await this.pause(shard.delayMs);
    while (!this.closing.signal.aborted) {
      const begunMs = performance.now();
      try {
        await this.subscription(shard, progress);
        if (progress.children) {
          this.readChildren(shard, progress.children);
          return;
        }
        // It has ended by itself, as each does after 5 minutes: the next one goes on where it was.
        await this.pause(begunMs + againAfterMs - performance.now());
      } catch (error) {
        if (this.closing.signal.aborted) return;
        const failure = failureOfRequest(error);
        if (!failure.retriable && !passing.has(failure.reason)) throw error;
        const { reason, detail } = failure;
        this.context.log('warn', 'SubscribeToShard failed', { reason, detail, shardId: shard.id });
        await this.pause(retryMs);
      }
    }
  }

  /** One subscription, until it ends. @throws when it fails, or nothing is heard of it any more */
  private async subscription(shard: ReadShard, progress: Progress): Promise<void> {
    const silence = new AbortController();
    const abortSignal = AbortSignal.any([this.closing.signal, silence.signal]);
    const timer = setTimeout(() => silence.abort(), this.silentMs);
    try {
      const { lastSequence } = progress;
      const answer = await this.client.send(
        new SubscribeToShardCommand({
          ConsumerARN: this.consumerArn,
          ShardId: shard.id,
          StartingPosition: lastSequence
            ? { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: lastSequence }
            : { Type: 'TRIM_HORIZON' },
        }),
        { abortSignal },
      );
      shard.onFirst();
      for await (const { SubscribeToShardEvent } of until(answer.EventStream ?? empty(), abortSignal)) {
        timer.refresh();
        if (SubscribeToShardEvent) this.take(SubscribeToShardEvent, shard, progress);
        // The shard has come to its end.
        if (progress.children) return;
      }
    } catch (error) {
      if (!silence.signal.aborted) throw error;
      throw Object.assign(new Error(`nothing was heard for ${this.silentMs / 1_000} s`), { name: 'Silence' });
    } finally {
      clearTimeout(timer);
    }
  }

  private take(event: SubscribeToShardEvent, shard: ReadShard, progress: Progress): void {
    const now = monotonicMicros();
    for (const { Data } of event.Records ?? []) {
      if (Data) this.context.receive(shard.number, asBuffer(Data), now);
    }
    // It moves on also where nothing was written.
    progress.lastSequence = event.ContinuationSequenceNumber ?? progress.lastSequence;
    if (event.ContinuationSequenceNumber === undefined || event.ChildShards?.length) {
      progress.children = event.ChildShards ?? [];
    }
  }
}

async function* empty(): AsyncGenerator<SubscribeToShardEventStream> {}

/** What comes until it is aborted; the SDK's abort signal ends a request, but not the stream of its answer. */
async function* until<T>(events: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = events[Symbol.asyncIterator]();
  const aborted = new Promise<never>((_, reject) => {
    const refuse = () => reject(signal.reason);
    if (signal.aborted) refuse();
    else signal.addEventListener('abort', refuse, { once: true });
  });
  aborted.catch(() => {});
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    Promise.resolve(iterator.return?.()).catch(() => {});
  }
}
