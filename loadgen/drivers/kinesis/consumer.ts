import { setTimeout as delay } from 'node:timers/promises';
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
  type Shard,
} from '@aws-sdk/client-kinesis';
import {
  type KinesisEndpoint,
  type KinesisSettings,
  kinesisQuotas,
} from '../../../src/technologies/kinesis.ts';
import { monotonicMicros } from '../../measure/clock.ts';
import type { ConsumerContext, DriverConsumer } from '../driver.ts';
import { shareOf } from '../share.ts';
import { connectKinesis } from './connection.ts';
import { failureOfRequest, isThrottle } from './errors.ts';
import { pollIntervalMs, ReadPace } from './read-pace.ts';

const retryMs = 250;

type Context = ConsumerContext<KinesisSettings, KinesisEndpoint>;

/** Polls every k-th shard of the stream, k being the number of consumers; resolves once each was read once. */
export async function createKinesisConsumer(context: Context): Promise<DriverConsumer> {
  const { endpoint } = context;
  const client = connectKinesis(endpoint, 256);
  const reader = new ShardReader(client, context);
  const shards = (await listShards(client, endpoint.streamName)).filter((shard) => !shard.ParentShardId);
  const share = shareOf(shards.length, context);
  await Promise.all(
    share.map((number, position) =>
      // Spread over the interval, so that the calls do not come all at once.
      reader.read(shards[number]?.ShardId as string, number, (pollIntervalMs * position) / share.length),
    ),
  );
  context.assigned(share, shards.length);
  return { close: () => reader.close() };
}

async function listShards(client: KinesisClient, streamName: string): Promise<Shard[]> {
  const shards: Shard[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new ListShardsCommand(NextToken ? { NextToken } : { StreamName: streamName }),
    );
    shards.push(...(page.Shards ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return shards;
}

/** Reads shards from their beginning to their end, and then those that they were split into. */
class ShardReader {
  private readonly client: KinesisClient;
  private readonly context: Context;
  private readonly closing = new AbortController();
  private readonly known = new Set<string>();

  constructor(client: KinesisClient, context: Context) {
    this.client = client;
    this.context = context;
  }

  /** Resolves after the first answer; goes on until closed. */
  read(shardId: string, number: number, delayMs: number): Promise<void> {
    this.known.add(shardId);
    return new Promise((resolve, reject) => {
      // The first answer settles the promise; a later end of the loop changes nothing.
      this.loop(shardId, number, delayMs, resolve).catch((error: Error) => {
        if (!this.closing.signal.aborted) this.context.broken(error);
        reject(error);
      });
    });
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.client.destroy();
  }

  private async loop(shardId: string, number: number, delayMs: number, onFirst: () => void): Promise<void> {
    let iterator: string | undefined;
    let lastSequence: string | undefined;
    const pace = new ReadPace();
    await this.pause(delayMs);
    while (!this.closing.signal.aborted) {
      const startedMs = performance.now();
      try {
        iterator ??= await this.iterator(shardId, lastSequence);
        const answer = await this.client.send(
          new GetRecordsCommand({ ShardIterator: iterator, Limit: kinesisQuotas.getRecords.maxRecords }),
        );
        const now = monotonicMicros();
        const answeredMs = performance.now();
        let bytes = 0;
        for (const { Data } of answer.Records ?? []) {
          if (!Data) continue;
          bytes += Data.length;
          this.context.receive(number, asBuffer(Data), now);
        }
        lastSequence = answer.Records?.at(-1)?.SequenceNumber ?? lastSequence;
        onFirst();
        if (!answer.NextShardIterator) {
          this.readChildren(shardId, number, answer.ChildShards);
          return;
        }
        iterator = answer.NextShardIterator;
        await this.pause(pace.answered(startedMs, answeredMs, bytes) - performance.now());
      } catch (error) {
        if (this.closing.signal.aborted) return;
        const failure = failureOfRequest(error);
        if (isThrottle(failure)) {
          // Nothing was lost: the same iterator goes on. Somebody else may read the stream, too.
          const againMs = pace.answered(startedMs, performance.now(), 0);
          await this.pause(againMs - performance.now());
          continue;
        }
        const expired = (error as Error).name === 'ExpiredIteratorException';
        if (!failure.retriable && !expired) throw error;
        // A fresh iterator goes on after the last record that arrived; after an answer that was lost, that is needed.
        iterator = undefined;
        if (expired) continue;
        const { reason, detail } = failure;
        this.context.log('warn', 'GetRecords failed', { reason, detail, shardId });
        await this.pause(retryMs);
      }
    }
  }

  private async iterator(shardId: string, lastSequence: string | undefined): Promise<string | undefined> {
    const answer = await this.client.send(
      new GetShardIteratorCommand({
        StreamName: this.context.endpoint.streamName,
        ShardId: shardId,
        ...(lastSequence
          ? { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: lastSequence }
          : { ShardIteratorType: 'TRIM_HORIZON' }),
      }),
    );
    return answer.ShardIterator;
  }

  /** A shard made of two is read by whoever read its first parent. */
  private readChildren(
    shardId: string,
    number: number,
    children: { ShardId?: string; ParentShards?: string[] }[] = [],
  ): void {
    for (const { ShardId, ParentShards } of children) {
      if (!ShardId || this.known.has(ShardId) || ParentShards?.[0] !== shardId) continue;
      this.read(ShardId, number, 0).catch(() => {});
    }
  }

  private async pause(ms: number): Promise<void> {
    if (ms > 0) await delay(ms, null, { signal: this.closing.signal }).catch(() => {});
  }
}

function asBuffer(data: Uint8Array): Buffer {
  return Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
