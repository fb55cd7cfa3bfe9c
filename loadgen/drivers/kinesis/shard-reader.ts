import { setTimeout as delay } from 'node:timers/promises';
import { type ChildShard, type KinesisClient, ListShardsCommand, type Shard } from '@aws-sdk/client-kinesis';
import type { KinesisSettings } from '../../../src/technologies/kinesis.ts';
import type { ConsumerContext, DriverConsumer } from '../driver.ts';
import { shareOf } from '../share.ts';
import type { KinesisPlace } from './place.ts';

export type KinesisConsumerContext = ConsumerContext<KinesisSettings, KinesisPlace>;

/** A shard that is read, and what is kept of where one is in it. */
export interface ReadShard {
  id: string;
  /** By the order of those that the stream began with; one made of it is reported by the same. */
  number: number;
  /** Waits so long before the first call. */
  delayMs: number;
  /** To be called once something was answered. */
  onFirst: () => void;
}

/** Reads shards from their beginning to their end, and then those that they were split into. */
export abstract class ShardReader {
  protected readonly context: KinesisConsumerContext;
  protected readonly closing = new AbortController();
  private readonly known = new Set<string>();

  constructor(context: KinesisConsumerContext) {
    this.context = context;
  }

  /** Reads until the shard's end, or until closed. @throws what trying again does not help against */
  protected abstract readAll(shard: ReadShard): Promise<void>;
  protected abstract end(): void;

  /** Resolves after the first answer; goes on until closed. */
  read(id: string, number: number, delayMs: number): Promise<void> {
    this.known.add(id);
    return new Promise((resolve, reject) => {
      // The first answer settles the promise; a later end of the loop changes nothing.
      this.readAll({ id, number, delayMs, onFirst: resolve }).catch((error: Error) => {
        if (!this.closing.signal.aborted) this.context.broken(error);
        reject(error);
      });
    });
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.end();
  }

  /** A shard made of two is read by whoever read its first parent. */
  protected readChildren({ id, number }: ReadShard, children: readonly ChildShard[] = []): void {
    for (const { ShardId, ParentShards } of children) {
      if (!ShardId || this.known.has(ShardId) || ParentShards?.[0] !== id) continue;
      this.read(ShardId, number, 0).catch(() => {});
    }
  }

  protected async pause(ms: number): Promise<void> {
    if (ms > 0) await delay(ms, null, { signal: this.closing.signal }).catch(() => {});
  }
}

/**
 * Has every k-th shard of the stream read, k being the number of consumers; resolves once each was answered for.
 * @param spreadMs over which the first calls are spread, so that they do not come all at once
 */
export async function readShare(
  reader: ShardReader,
  client: KinesisClient,
  context: KinesisConsumerContext,
  spreadMs: number,
): Promise<DriverConsumer> {
  const all = await listShards(client, context.endpoint.streamName);
  const shards = all.filter((shard) => !shard.ParentShardId);
  const share = shareOf(shards.length, context);
  await Promise.all(
    share.map((number, position) =>
      reader.read(shards[number]?.ShardId as string, number, (spreadMs * position) / share.length),
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

export function asBuffer(data: Uint8Array): Buffer {
  return Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
