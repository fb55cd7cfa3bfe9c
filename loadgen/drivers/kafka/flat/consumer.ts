import { setTimeout as delay } from 'node:timers/promises';
import { Base, listOffsetsV7 } from '@platformatic/kafka';
import type { DriverConsumer } from '../../driver.ts';
import { shareOf } from '../../share.ts';
import { fetchMaxWaitMs, type KafkaConsumerContext } from '../kafka-client.ts';
import { connectionOptions } from '../platformatic/connection.ts';
import { Cluster } from './cluster.ts';
import {
  type FetchedPartition,
  fetchApi,
  fetchBody,
  parseFetchResponse,
  protocolErrorOf,
} from './encoding/protocol.ts';
import { nextOffset } from './encoding/record-batch.ts';
import { handOver } from './hand-over.ts';

/** What one response may bring, of each partition and of all: Java's `max.partition.fetch.bytes`, and less than its 50 MB. */
const partitionMaxBytes = 1024 * 1024;
const fetchMaxBytes = 8 * 1024 * 1024;

/** After an error, before the leaders are asked for and the next attempt is made. */
const retryMs = 100;

/** ListOffsets' name for the oldest message. */
const oldest = -2n;

/**
 * Connects a consumer that reads every k-th partition, k being the number of consumers. It joins no group and commits
 * no offsets: which partitions it reads follows from its number, and nobody takes over from it. Resolves once it has
 * found where they begin and fetches.
 */
export async function createFlatConsumer(context: KafkaConsumerContext): Promise<DriverConsumer> {
  const options = { ...connectionOptions(context, 'consumer'), retries: 0 };
  const client = new Base(options);
  const cluster = new Cluster(client, options, context.endpoint.topic, context.log);
  const consumer = new FlatConsumer(context, client, cluster);
  try {
    await consumer.open();
  } catch (error) {
    await consumer.close();
    throw error;
  }
  return consumer;
}

/** Fetches from each broker that leads partitions of its own: one request at a time, while it reads the last answer. */
class FlatConsumer implements DriverConsumer {
  private readonly context: KafkaConsumerContext;
  private readonly client: Base;
  private readonly cluster: Cluster;
  /** Of each partition that it reads: the next one to fetch. */
  private readonly offsets = new Map<number, number>();
  private readonly fetching = new Set<number>();
  private closed = false;

  constructor(context: KafkaConsumerContext, client: Base, cluster: Cluster) {
    this.context = context;
    this.client = client;
    this.cluster = cluster;
  }

  async open(): Promise<void> {
    await this.cluster.open();
    const { length: total } = this.cluster.leaders;
    const partitions = shareOf(total, this.context);
    await this.seekOldest(partitions);
    this.fetchFromLeaders();
    this.context.assigned(partitions, total);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.cluster.close();
  }

  /** Has every broker fetched from that leads one of the partitions. */
  private fetchFromLeaders(): void {
    for (const partition of this.offsets.keys()) {
      const node = this.cluster.leaders[partition] ?? -1;
      if (this.fetching.has(node)) continue;
      this.fetching.add(node);
      this.fetchFrom(node)
        .catch((error: Error) => {
          if (!this.closed) this.context.broken(error);
        })
        .finally(() => this.fetching.delete(node));
    }
  }

  /**
   * Fetches from one broker as long as it leads any of the partitions.
   * @throws on an error that will not pass
   */
  private async fetchFrom(node: number): Promise<void> {
    let next = this.fetch(node);
    for (;;) {
      const answer = await next;
      if (this.closed || answer === 'leads none') return;
      if (answer === 'failed') {
        await this.pauseAndFindLeaders();
        next = this.fetch(node);
        continue;
      }
      const { fetched, buffer } = answer;
      const failed = fetched.filter(({ errorCode }) => errorCode !== 0);
      const spans = fetched.map((part) => this.advance(part, buffer));
      // The broker gathers the next answer while this one is read.
      if (failed.length === 0) next = this.fetch(node);
      for (const [position, { partition, begin, end }] of fetched.entries()) {
        const from = spans[position];
        if (from === null || from === undefined) continue;
        handOver(this.context, buffer, { partition, begin, end, from });
      }
      if (failed.length > 0) {
        await this.recover(failed);
        next = this.fetch(node);
      }
    }
  }

  /** One request for the partitions that the broker leads. Never rejects. */
  private async fetch(node: number) {
    const partitions = this.partitionsOf(node);
    if (partitions.length === 0) return 'leads none';
    try {
      const channel = this.cluster.channel(node) ?? (await this.cluster.connect(node));
      const body = fetchBody({
        maxWaitMs: fetchMaxWaitMs,
        maxBytes: fetchMaxBytes,
        partitionMaxBytes,
        topic: this.context.endpoint.topic,
        partitions,
      });
      // The answer's memory holds until the next one comes, and that is asked for once this one is understood.
      const request = { api: fetchApi, body: [body], answered: true };
      const answer = await channel.send(request, parseFetchResponse);
      if (!answer) return 'failed';
      if (answer.errorCode !== 0) throw new Error(protocolErrorOf(answer.errorCode).name);
      const asked = new Map(partitions.map(({ partition, offset }) => [partition, offset]));
      const fetched = answer.partitions.map((part) => ({ ...part, from: asked.get(part.partition) ?? -1 }));
      return { fetched, buffer: answer.buffer };
    } catch (error) {
      if (!this.closed) this.context.log('warn', 'a fetch request failed', { reason: String(error), node });
      return 'failed';
    }
  }

  /**
   * Notes how far a partition has been fetched. Returns where to read from, or null when there is nothing to read:
   * also when somebody else has fetched it meanwhile, since it changed its leader.
   */
  private advance(
    { partition, errorCode, begin, end, from }: FetchedPartition & { from: number },
    buffer: Buffer,
  ): number | null {
    if (errorCode !== 0 || this.offsets.get(partition) !== from) return null;
    const next = nextOffset(buffer, begin, end, from);
    this.offsets.set(partition, next);
    return next > from ? from : null;
  }

  private async recover(failed: FetchedPartition[]): Promise<void> {
    const lost: number[] = [];
    for (const { partition, errorCode } of failed) {
      const { name, retriable } = protocolErrorOf(errorCode);
      this.context.log('warn', 'a partition could not be fetched', { reason: name, partition });
      if (name === 'OFFSET_OUT_OF_RANGE') lost.push(partition);
      else if (!retriable) throw new Error(`partition ${partition} cannot be read: ${name}`);
    }
    await this.pauseAndFindLeaders();
    try {
      await this.seekOldest(lost);
    } catch (error) {
      // The next fetch will say again what is wrong.
      this.context.log('warn', 'the oldest offsets cannot be found', { reason: String(error) });
    }
  }

  private async pauseAndFindLeaders(): Promise<void> {
    await delay(retryMs);
    await this.cluster.refresh();
    if (!this.closed) this.fetchFromLeaders();
  }

  /** Begins to read partitions at their oldest message. */
  private async seekOldest(partitions: number[]): Promise<void> {
    const byLeader = Map.groupBy(partitions, (partition) => this.cluster.leaders[partition] ?? -1);
    await Promise.all(
      [...byLeader].map(async ([node, led]) => {
        const connections = await this.client.connectToBrokers([node]);
        const connection = connections.get(node);
        if (!connection) throw new Error(`a partition of ${this.context.endpoint.topic} has no leader`);
        const { topics } = await listOffsetsV7.api.async(connection, -1, 0, [
          {
            name: this.context.endpoint.topic,
            partitions: led.map((partitionIndex) => ({
              partitionIndex,
              currentLeaderEpoch: -1,
              timestamp: oldest,
            })),
          },
        ]);
        for (const { partitionIndex, offset } of topics[0]?.partitions ?? [])
          this.offsets.set(partitionIndex, Number(offset));
      }),
    );
  }

  /** What to ask a broker for: each time another partition comes first, as one answer may not hold all there is. */
  private partitionsOf(node: number): { partition: number; offset: number }[] {
    const led: { partition: number; offset: number }[] = [];
    for (const [partition, offset] of this.offsets) {
      if (this.cluster.leaders[partition] === node) led.push({ partition, offset });
    }
    const first = led[0];
    if (led.length > 1 && first) {
      this.offsets.delete(first.partition);
      this.offsets.set(first.partition, first.offset);
    }
    return led;
  }
}
