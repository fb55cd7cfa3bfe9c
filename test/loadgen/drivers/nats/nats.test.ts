import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { driver } from '../../../../loadgen/drivers/nats/driver.ts';
import { fnv1a } from '../../../../loadgen/drivers/nats/fnv1a.ts';
import { workloadSchema } from '../../../../src/contracts/input/workload.ts';
import {
  type NatsServersEndpoint,
  type NatsSettings,
  natsSettingsSchema,
} from '../../../../src/technologies/nats/settings.ts';
import { until } from '../../../support/until.ts';
import { Collector } from '../../support/collector.ts';
import { measureBoth } from '../../support/measuring.ts';
import { type NatsServers, startNats } from '../../support/servers.ts';
import { sessionOf } from '../../support/session-of.ts';

let single: NatsServers;
let cluster: NatsServers;
let collector: Collector | null = null;

beforeAll(async () => {
  [single, cluster] = await Promise.all([startNats(), startNats(3)]);
}, 150_000);

afterEach(async () => {
  await collector?.close();
  collector = null;
});

afterAll(async () => {
  await Promise.all([single?.stop(), cluster?.stop()]);
});

function collect(
  endpoint: NatsServersEndpoint,
  settings: Partial<NatsSettings>,
  messageSizeBytes?: number,
): Collector {
  collector = new Collector(natsSettingsSchema.parse(settings), endpoint, 'session', messageSizeBytes);
  return collector;
}

/** What the servers themselves say of a stream. */
async function streamInfo({ servers, stream }: NatsServersEndpoint) {
  const connection = await connect({ servers });
  try {
    const manager = await jetstreamManager(connection);
    const { state, config, cluster: place } = await manager.streams.info(stream);
    const consumers = await manager.consumers.list(stream).next();
    return { state, config, place, consumers };
  } finally {
    await connection.close();
  }
}

function sequencesOf(collected: Collector, partition: number): number[] {
  return collected.arrivals
    .filter((arrival) => arrival.partition === partition)
    .map(({ sequence }) => sequence);
}

const ascending = (sequences: number[]) => [...sequences].sort((a, b) => a - b);

const variants: Partial<NatsSettings>[] = [
  {},
  { storage: 'memory' },
  { consumer: 'ordered' },
  { retention: 'workqueue' },
  { retention: 'interest' },
  { publishMode: 'synchronous' },
  { publishWindow: 10 },
  { maxAckPending: 5 },
  { deduplicationWindowSeconds: 60 },
  { replicas: 3 },
  { replicas: 3, consumer: 'ordered', storage: 'memory' },
];

describe('the NATS driver', () => {
  test.each(variants)('delivers everything once, in order and evenly, with %j', async (settings) => {
    const endpoint = await (settings.replicas === 3 ? cluster : single).createStream({
      ...settings,
      subjects: 3,
    });
    const collected = collect(endpoint, { ...settings, subjects: 3 });
    await collected.openConsumers(driver, 1);
    await collected.send(await collected.openProducer(driver), 1_500);
    await collected.received(1_500);
    expect(collected.count('acknowledged')).toBe(1_500);
    expect(collected.settledTwice).toBe(0);
    expect(collected.arrivals).toHaveLength(1_500);
    // On a busy machine the servers' heartbeats come late; what counts is what arrives.
    expect(collected.problems.filter((problem) => !problem.startsWith('nats: heartbeats_missed'))).toEqual(
      [],
    );
    for (const partition of [0, 1, 2]) {
      const sequences = sequencesOf(collected, partition);
      expect(sequences).toHaveLength(500);
      expect(sequences).toEqual(ascending(sequences));
    }
  });

  test('makes the stream as it was asked for', async () => {
    const asked = {
      replicas: 3,
      storage: 'memory',
      retention: 'interest',
      deduplicationWindowSeconds: 30,
    } as const;
    const { config, place } = await streamInfo(await cluster.createStream(asked));
    expect(config).toMatchObject({
      num_replicas: 3,
      storage: 'memory',
      retention: 'interest',
      duplicate_window: 30e9,
    });
    expect(config.subjects).toHaveLength(4);
    expect(place?.replicas?.map(({ current }) => current)).toEqual([true, true]);
  });

  test('shares a work queue, and leaves nothing in it that was acknowledged', async () => {
    const settings = { retention: 'workqueue', maxAckPending: 7 } as const;
    const endpoint = await single.createStream(settings);
    const collected = collect(endpoint, settings);
    await collected.openConsumers(driver, 2);
    await collected.send(await collected.openProducer(driver), 400);
    await collected.received(400);
    expect(collected.assigned).toEqual([
      [0, 2],
      [1, 3],
    ]);
    expect(new Set(collected.arrivals.map(({ consumer }) => consumer))).toEqual(new Set([0, 1]));
    // Acknowledgements are answered by nobody, so the last may still be under way.
    await until('an empty work queue', async () => (await streamInfo(endpoint)).state.messages === 0);
    const info = await streamInfo(endpoint);
    expect(info.state.last_seq).toBe(400);
    expect(info.consumers.map(({ config }) => config.max_ack_pending)).toEqual([7, 7]);
  });

  test('puts the same key on the same subject', async () => {
    const endpoint = await single.createStream({ subjects: 5 });
    const collected = collect(endpoint, { subjects: 5 });
    await collected.openConsumers(driver, 1);
    const keyOf = (sequence: number) => `key-${sequence % 50}`;
    await collected.send(await collected.openProducer(driver), 200, keyOf);
    await collected.received(200);
    for (const { sequence, partition } of collected.arrivals) {
      expect(partition).toBe(fnv1a(Buffer.from(keyOf(sequence))) % 5);
    }
  });

  test('counts as failed what the server refuses for good', async () => {
    const endpoint = await single.createStream();
    const { client, manager } = await managing(endpoint);
    await manager.streams.update(endpoint.stream, { max_msg_size: 500 });
    await client.close();
    const collected = collect(endpoint, {}, 1_000);
    await collected.send(await collected.openProducer(driver), 3);
    expect(collected.count('failed')).toBe(3);
    expect((await streamInfo(endpoint)).state.messages).toBe(0);
    expect(collected.problems.join()).toContain('exceeds maximum allowed');
  });

  test('tries again while there is no stream, and counts nothing as lost in between', async () => {
    const endpoint = { servers: single.servers, stream: 'later', subjectPrefix: 'later' };
    const collected = collect(endpoint, {});
    const sending = collected.openProducer(driver).then((producer) => collected.send(producer, 10));
    await until('a refusal', () => collected.throttled > 0);
    const { client, manager } = await managing(endpoint);
    await manager.streams.add({ name: 'later', subjects: ['later.*'] });
    await client.close();
    await sending;
    expect(collected.count('acknowledged')).toBe(10);
    expect(collected.problems.join()).toContain('no stream answers');
  });

  test('says so when its consumer is gone', async () => {
    const endpoint = await single.createStream();
    const collected = collect(endpoint, {});
    await collected.openConsumers(driver, 1);
    const { client, manager } = await managing(endpoint);
    await manager.streams.delete(endpoint.stream);
    await client.close();
    await until('the end of the consumer', () => collected.broken !== null);
  });

  test('names the servers that cannot be reached', async () => {
    const nobody = { servers: ['127.0.0.1:1'], stream: 'nobody', subjectPrefix: 'nobody' };
    const opening = collect(nobody, {}).openProducer(driver);
    await expect(opening).rejects.toThrow('no NATS server can be reached at 127.0.0.1:1: connection refused');
  });

  test('measures a whole session that agrees with the server', async () => {
    const endpoint = await single.createStream();
    const session = sessionOf({
      technology: 'nats',
      experimentId: 'whole',
      settings: {},
      endpoint,
      workload: workloadSchema.parse({
        load: { shape: 'constant', messagesPerSecond: 2_000 },
        warmupSeconds: 0.5,
        durationSeconds: 2,
        consumers: 2,
      }),
    });
    try {
      const { warmup, environment } = await session.open();
      const { produced, consumed } = await measureBoth(session);
      expect(produced).toMatchObject({ scheduled: 4_000, unsent: 0, acknowledged: 4_000 });
      expect((await streamInfo(endpoint)).state.messages - warmup.acknowledged).toBe(4_000);
      const none = { lost: 0, duplicated: 0, reordered: 0, unexpected: 0 };
      expect(consumed).toMatchObject({ received: 4_000, ...none });
      expect(environment.clients).toMatchObject({
        producer: { name: 'our own, on @nats-io/transport-node', version: '3.4.0' },
        consumer: { name: '@nats-io/jetstream', version: '3.4.0' },
      });
    } finally {
      await session.close();
    }
  });
});

async function managing({ servers }: Pick<NatsServersEndpoint, 'servers'>) {
  const client = await connect({ servers });
  return { client, manager: await jetstreamManager(client) };
}

test.each([
  { replicas: 1, deduplicationWindowSeconds: 0 },
  { replicas: 1, deduplicationWindowSeconds: 120 },
  { replicas: 3, deduplicationWindowSeconds: 120 },
] as const)(
  'loses nothing when the server that leads crashes and starts again, with %j',
  async (settings) => {
    const servers = settings.replicas === 3 ? cluster : single;
    const endpoint = await servers.createStream({ ...settings, subjects: 3 });
    const collected = collect(endpoint, { ...settings, subjects: 3 });
    await collected.openConsumers(driver, 1);
    const producer = await collected.openProducer(driver);
    const sending = collected.send(producer, 20_000);
    await until('the first outcomes', () => collected.outcomes.size > 1_000);
    const leader = (await streamInfo(endpoint)).place?.leader;
    await Promise.all([servers.crashAndRestart(leader ? Number(leader.split('-')[1]) - 1 : 0), sending]);
    const arrivedSequences = () => new Set(collected.arrivals.map(({ sequence }) => sequence));
    const acknowledged = [...collected.outcomes].filter(([, outcome]) => outcome === 'acknowledged');
    await until('everything acknowledged', () => {
      const arrived = arrivedSequences();
      return acknowledged.every(([sequence]) => arrived.has(sequence));
    });
    expect(acknowledged.length).toBeGreaterThan(15_000);
    // What is called failed was never taken.
    const failed = [...collected.outcomes].filter(([, outcome]) => outcome === 'failed');
    expect(failed.filter(([sequence]) => arrivedSequences().has(sequence))).toEqual([]);
    expect(collected.settledTwice).toBe(0);
    expect(collected.broken).toBeNull();
    if (settings.deduplicationWindowSeconds > 0) {
      // Servers that have only just come back may still be choosing who answers.
      const info = await until('the servers to tell of the stream', () =>
        streamInfo(endpoint).catch(() => null),
      );
      expect(info.state.messages).toBeLessThanOrEqual(20_000);
    }
  },
);
