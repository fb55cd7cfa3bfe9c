import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Admin, ConfigResourceTypes, Kafka, logLevel, Partitioners } from 'kafkajs';
import type { DriverProducer } from '../../../../loadgen/drivers/driver.ts';
import { driver } from '../../../../loadgen/drivers/kafka/driver.ts';
import { partitionOfKey } from '../../../../loadgen/drivers/kafka/flat/encoding/murmur2.ts';
import { coversAll } from '../../../../loadgen/session/consumers-ready.ts';
import { workloadSchema } from '../../../../src/contracts/input/workload.ts';
import {
  largestMessageBytes,
  mostBeforeCompression,
} from '../../../../src/technologies/kafka/record-size.ts';
import { kafkaSettingsSchema } from '../../../../src/technologies/kafka/settings.ts';
import { until } from '../../../support/until.ts';
import { Collector } from '../../support/collector.ts';
import { kafkaSession } from '../../support/kafka-session.ts';
import { measureBoth } from '../../support/measuring.ts';
import { type KafkaBroker, startKafka } from '../../support/servers.ts';

let broker: KafkaBroker;
let admin: Admin;
let collector: Collector | null = null;
let topics = 0;

beforeAll(async () => {
  broker = await startKafka();
  admin = new Kafka({ brokers: broker.bootstrapServers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
}, 150_000);

afterEach(async () => {
  await collector?.close();
  collector = null;
});

afterAll(async () => {
  await admin?.disconnect();
  await broker?.stop();
});

async function createTopic(
  numPartitions: number,
  configEntries: { name: string; value: string }[] = [],
  replicationFactor = 1,
): Promise<string> {
  const topic = `topic-${++topics}`;
  const description = { topic, numPartitions, replicationFactor, configEntries };
  await admin.createTopics({ topics: [description], waitForLeaders: false });
  // Leaders are named before they know that they are.
  await until(`leaders of ${topic}`, () => endOffsets(topic));
  return topic;
}

function collect(topic: string, settings: object, messageSizeBytes?: number): Collector {
  const endpoint = { bootstrapServers: broker.bootstrapServers, topic };
  collector = new Collector(
    kafkaSettingsSchema.parse(settings),
    endpoint,
    `session-${topic}`,
    messageSizeBytes,
  );
  return collector;
}

async function endOffsets(topic: string): Promise<number[]> {
  const offsets = await admin.fetchTopicOffsets(topic);
  return offsets.sort((one, other) => one.partition - other.partition).map(({ high }) => Number(high));
}

async function partitionsOf(topic: string) {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  return topics[0]?.partitions ?? [];
}

const clients = ['kafkajs', 'platformatic', 'flat'] as const;

/** A key that lies in this partition of three. */
function keyForPartition(partition: number, length: number): string {
  for (let number = 0; ; number++) {
    const key = String(number).padEnd(length, '-');
    if (partitionOfKey(Buffer.from(key), 3) === partition) return key;
  }
}

describe.each(clients.map((client) => ({ client })))('the $client client', ({ client }) => {
  const other = client === 'kafkajs' ? 'platformatic' : 'kafkajs';
  const compressions = ['gzip', 'snappy', 'lz4', 'zstd'] as const;

  test.each([{ acks: 0 }, { acks: 1 }, { acks: 'all' }, { acks: 'all', idempotence: true }])(
    'delivers everything once, in order and evenly, with %j',
    async (settings) => {
      const topic = await createTopic(3);
      const collected = collect(topic, {
        ...settings,
        producerClient: client,
        consumerClient: client,
        partitions: 3,
      });
      await collected.openConsumers(driver, 1);
      await collected.send(await collected.openProducer(driver), 1_500);
      await collected.received(1_500);
      expect(collected.count('acknowledged')).toBe(1_500);
      expect(collected.settledTwice).toBe(0);
      expect(collected.arrivals).toHaveLength(1_500);
      const byPartition = [0, 1, 2].map((partition) =>
        collected.arrivals.filter((arrival) => arrival.partition === partition),
      );
      for (const arrivals of byPartition) {
        const sequences = arrivals.map(({ sequence }) => sequence);
        expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
        expect(Math.abs(arrivals.length - 500)).toBeLessThan(100);
      }
      expect(await endOffsets(topic)).toEqual(byPartition.map((arrivals) => arrivals.length));
    },
  );

  test.each(
    compressions.flatMap((compression) => [
      { compression, producerClient: client, consumerClient: other },
      { compression, producerClient: other, consumerClient: client },
    ]),
  )(
    'and the other one understand what the other compressed, with $compression from $producerClient',
    async (settings) => {
      const topic = await createTopic(1);
      const collected = collect(topic, { ...settings, partitions: 1 });
      await collected.openConsumers(driver, 1);
      await collected.send(await collected.openProducer(driver), 300);
      await collected.received(300);
      expect(collected.arrivals.map(({ sequence }) => sequence)).toEqual(
        Array.from({ length: 300 }, (_, index) => index),
      );
    },
  );

  test.each([{ compression: 'none' }, { compression: 'zstd' }])(
    'fills batches up to the most that the broker takes, with $compression',
    async ({ compression }) => {
      const topic = await createTopic(1);
      const most = compression === 'none' ? 1_048_588 : mostBeforeCompression(1_048_588);
      const settings = { producerClient: client, partitions: 1, compression, lingerMs: 200 };
      const collected = collect(topic, { ...settings, batchSizeBytes: most }, 1_024);
      await collected.send(await collected.openProducer(driver), 5_000, (sequence) => `key-${sequence}`);
      expect(collected.problems).toEqual([]);
      expect(collected.count('acknowledged')).toBe(5_000);
      expect(await endOffsets(topic)).toEqual([5_000]);
    },
  );

  test('takes a message of the largest size that the broker does, and no larger one', async () => {
    const topic = await createTopic(1);
    const largest = largestMessageBytes(1_048_588, null);
    for (const { bytes, outcome } of [
      { bytes: largest, outcome: 'acknowledged' as const },
      { bytes: largest + 1, outcome: 'failed' as const },
    ]) {
      const collected = collect(topic, { producerClient: client, partitions: 1 }, bytes);
      await collected.send(await collected.openProducer(driver), 1);
      expect(collected.count(outcome)).toBe(1);
      await collected.close();
    }
  });

  test.each(['uncompressed', ...compressions])('reads what the broker itself has made %s', async (type) => {
    const topic = await createTopic(1, [{ name: 'compression.type', value: type }]);
    const settings = { producerClient: other, consumerClient: client, partitions: 1 };
    const collected = collect(topic, { ...settings, serverProperties: { 'compression.type': type } });
    await collected.openConsumers(driver, 1);
    await collected.send(await collected.openProducer(driver), 300);
    await collected.received(300);
    expect(collected.broken).toBeNull();
  });

  test("tells the broker's own reason why a compacted topic takes nothing without a key", async () => {
    const topic = await createTopic(2, [{ name: 'cleanup.policy', value: 'compact' }]);
    const workload = workloadSchema.parse({
      load: { shape: 'constant', messagesPerSecond: 200 },
      warmupSeconds: 0,
      durationSeconds: 1,
      drainTimeoutSeconds: 1,
    });
    const options = {
      bootstrapServers: broker.bootstrapServers,
      topic,
      settings: { producerClient: client },
    };
    const session = kafkaSession({ ...options, workload });
    try {
      await session.open();
      const { produced } = await measureBoth(session);
      expect(produced).toMatchObject({
        acknowledged: 0,
        failed: 200,
        refusals: [{ reason: 'INVALID_RECORD', outcome: 'failed', messages: 200 }],
      });
    } finally {
      await session.close();
    }
    const warm = kafkaSession({ ...options, workload: { ...workload, warmupSeconds: 1 } });
    await expect(warm.open()).rejects.toMatchObject({
      type: 'warm-up-failed',
      message: 'the warm-up put nothing into the product: all 200 messages failed: INVALID_RECORD (200)',
    });
  });

  test('puts keys where the Java client would', async () => {
    const topic = await createTopic(5);
    const collected = collect(topic, { producerClient: client, consumerClient: client, partitions: 5 });
    await collected.openConsumers(driver, 1);
    const keyOf = (sequence: number) => `key-${sequence % 50}`;
    await collected.send(await collected.openProducer(driver), 200, keyOf);
    await collected.received(200);
    const partitioner = Partitioners.DefaultPartitioner();
    const partitionMetadata = [0, 1, 2, 3, 4].map((partitionId) => ({ partitionId, leader: 1 }) as never);
    for (const { sequence, partition } of collected.arrivals) {
      expect(partition).toBe(
        partitioner({ topic, partitionMetadata, message: { key: keyOf(sequence), value: null } }),
      );
    }
  });

  // The later one takes partitions away while the first one has a fetch of all of them under way. Sending at once gives
  // that fetch something to bring, in about one case of three.
  test.each([{ apartMs: 0 }, { apartMs: 150 }, { apartMs: 400 }])(
    'shares the partitions among consumers that join $apartMs ms apart',
    async ({ apartMs }) => {
      const topic = await createTopic(4);
      const collected = collect(topic, { producerClient: client, consumerClient: client });
      const producer = await collected.openProducer(driver);
      const first = collected.openConsumer(driver, 0, 2);
      if (apartMs > 0) await first.then(() => delay(apartMs));
      await Promise.all([first, collected.openConsumer(driver, 1, 2)]);
      await until('an assignment', () => coversAll(collected.assigned, 4), { everyMs: 0 });
      await collected.send(producer, 400);
      await collected.received(400);
      const isOwn = ({ consumer, partition }: { consumer: number; partition: number }) =>
        collected.assigned[consumer]?.includes(partition);
      const own = collected.arrivals.filter(isOwn);
      expect(own).toHaveLength(400);
      expect(new Set(own.map(({ sequence }) => sequence)).size).toBe(400);
      expect(new Set(own.map(({ consumer }) => consumer)).size).toBe(2);
      // platformatic also hands over what that fetch brings of partitions that are another's by now. An application would
      // have it twice, so it counts; the other clients drop it.
      const copies = collected.arrivals.filter((arrival) => !isOwn(arrival));
      const holders = [...new Set(copies.map(({ consumer }) => consumer))];
      if (client !== 'platformatic') expect(holders).toEqual([]);
      // It is whoever had them first: of two that join at once, either.
      else if (apartMs > 0) expect(holders.filter((holder) => holder !== 0)).toEqual([]);
      else expect(holders.length).toBeLessThanOrEqual(1);
    },
  );

  // Each message is a batch, and one request carries a batch of each partition; a long key makes it too large.
  test('tells for each partition of a request what was refused for good', async () => {
    const topic = await createTopic(3, [{ name: 'max.message.bytes', value: '1500' }]);
    const collected = collect(topic, { producerClient: client, partitions: 3, batchSizeBytes: 1 }, 1_000);
    const producer = await collected.openProducer(driver);
    const isTooLarge = (sequence: number) => sequence % 3 === 1;
    await collected.send(producer, 90, (sequence) =>
      keyForPartition(sequence % 3, isTooLarge(sequence) ? 800 : 8),
    );
    for (let sequence = 0; sequence < 90; sequence++) {
      expect([sequence, collected.outcomes.get(sequence), collected.reasons.get(sequence)]).toEqual(
        isTooLarge(sequence)
          ? [sequence, 'failed', 'MESSAGE_TOO_LARGE']
          : [sequence, 'acknowledged', undefined],
      );
    }
    expect(await endOffsets(topic)).toEqual([30, 0, 30]);
    expect([collected.throttled, collected.settledTwice]).toEqual([0, 0]);
  });

  test('counts as failed what the broker refuses for good', async () => {
    const topic = await createTopic(1, [{ name: 'max.message.bytes', value: '500' }]);
    const collected = collect(topic, { producerClient: client, partitions: 1 }, 1_000);
    await collected.send(await collected.openProducer(driver), 3);
    expect(collected.count('failed')).toBe(3);
    expect(await endOffsets(topic)).toEqual([0]);
    expect(collected.problems.join()).toContain('MESSAGE_TOO_LARGE');
  });

  test('measures a whole session that agrees with the broker', async () => {
    const topic = await createTopic(4);
    const workload = workloadSchema.parse({
      load: { shape: 'constant', messagesPerSecond: 2_000 },
      warmupSeconds: 0.5,
      durationSeconds: 2,
      consumers: 2,
    });
    const session = kafkaSession({
      bootstrapServers: broker.bootstrapServers,
      topic,
      settings: { producerClient: client, consumerClient: client },
      workload,
    });
    try {
      const { warmup, environment } = await session.open();
      const { produced, consumed } = await measureBoth(session);
      const written = (await endOffsets(topic)).reduce((sum, offset) => sum + offset, 0);
      expect(produced).toMatchObject({ scheduled: 4_000, unsent: 0, acknowledged: 4_000 });
      expect(written - warmup.acknowledged).toBe(4_000);
      expect(consumed).toMatchObject({
        received: 4_000,
        lost: 0,
        duplicated: 0,
        reordered: 0,
        unexpected: 0,
      });
      expect(environment.clients.producer).toMatchObject({
        version: expect.stringMatching(/^\d+\.\d+/),
        adds: expect.arrayContaining([expect.stringContaining('25 s')]),
      });
      expect(consumed.perPartition).toHaveLength(4);
      expect(consumed.perPartition.reduce((sum, messages) => sum + messages, 0)).toBe(4_000);
    } finally {
      await session.close();
    }
  });
});

test('every client counts alike what the partitions refuse while a replica is missing, and tries it again', async () => {
  const other = await broker.startOther();
  const collectors: Collector[] = [];
  const producers: DriverProducer[] = [];
  try {
    const topic = await createTopic(3, [{ name: 'min.insync.replicas', value: '2' }], 2);
    const inSync = async () => (await partitionsOf(topic)).every(({ isr }) => isr.length === 2);
    await until('both replicas', inSync);
    await other.stop('SIGTERM');
    const isLeading = async () => (await partitionsOf(topic)).every(({ leader }) => leader === 1);
    await until('one leader', isLeading);
    for (const producerClient of clients) {
      const collected = collect(topic, { producerClient, partitions: 3, acks: 'all' });
      collectors.push(collected);
      producers.push(await collected.openProducer(driver));
    }
    const sending = Promise.all(
      collectors.map((collected, index) => collected.send(producers[index] as DriverProducer, 300)),
    );
    await until('refusals of everything', () => collectors.every(({ throttled }) => throttled >= 600));
    expect(collectors.map(({ outcomes }) => outcomes.size)).toEqual([0, 0, 0]);
    const configEntries = [{ name: 'min.insync.replicas', value: '1' }];
    const resource = { type: ConfigResourceTypes.TOPIC, name: topic, configEntries };
    await admin.alterConfigs({ validateOnly: false, resources: [resource] });
    await sending;
    for (const collected of collectors) {
      expect(collected.count('acknowledged')).toBe(300);
      expect([...collected.throttledFor.keys()]).toEqual(['NOT_ENOUGH_REPLICAS']);
    }
    // What was refused was never taken.
    expect((await endOffsets(topic)).reduce((sum, offset) => sum + offset, 0)).toBe(900);
  } finally {
    await Promise.all(collectors.map((collected) => collected.close()));
    await other.stop();
  }
}, 200_000);

test('a broker that cannot be reached fails the session with the reason', async () => {
  const session = kafkaSession({
    bootstrapServers: ['127.0.0.1:1'],
    topic: 'nobody',
    settings: { producerClient: 'platformatic', consumerClient: 'platformatic' },
    workload: workloadSchema.parse({ load: { shape: 'constant', messagesPerSecond: 1 } }),
    consume: false,
  });
  await expect(session.open()).rejects.toMatchObject({
    type: expect.stringMatching(/thread-broken|open-failed/),
  });
});
