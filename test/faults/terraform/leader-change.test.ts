import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { endlessAttempt } from '../../../activities/home/attempt.ts';
import { destroy } from '../../../activities/home/destroy.ts';
import { provision } from '../../../activities/home/provision.ts';
import type { ConsumePart, ProducePart } from '../../../src/contracts/documents/load-parts.ts';
import { workloadSchema } from '../../../src/contracts/input/workload.ts';
import type { InfrastructureRef } from '../../../src/contracts/temporal/infrastructure-activities.ts';
import { endProcess } from '../../../src/machine/end.ts';
import { findLaunched } from '../../../src/machine/launched.ts';
import { kafkaEndpointSchema } from '../../../src/technologies/kafka/settings.ts';
import { type Bench, startBench } from '../../activities/home/support/terraform-world.ts';
import { createTopics, type KafkaClientName, kafkaSession } from '../../loadgen/support/kafka-session.ts';
import { measureBoth } from '../../loadgen/support/measuring.ts';
import { kafkaClients } from '../../support/kafka-clients.ts';

const workload = workloadSchema.parse({
  load: { shape: 'constant', messagesPerSecond: 200 },
  warmupSeconds: 2,
  durationSeconds: 25,
  drainTimeoutSeconds: 60,
});

let bench: Bench;
let ref: InfrastructureRef;
/** Partitions of each client's topic that got another leader. */
const moved = new Map<KafkaClientName, number>();
const measured = new Map<KafkaClientName, { produced: ProducePart; consumed: ConsumePart }>();

// One killed broker for all clients.
beforeAll(async () => {
  bench = await startBench();
  const settings = {
    brokers: 3,
    replicationFactor: 3,
    heapMegabytes: 256,
    serverProperties: { 'min.insync.replicas': 2 },
  };
  ref = bench.experiment('kafka', settings);
  const endpoint = kafkaEndpointSchema.parse((await provision(bench.deps, ref, endlessAttempt)).endpoint);
  if (!('bootstrapServers' in endpoint)) throw new Error('it has no brokers of its own');
  const { bootstrapServers } = endpoint;
  // Many, so that those which the killed broker led do not all go to the same other one.
  await createTopics(bootstrapServers, [...kafkaClients], { partitions: 24, replicationFactor: 3 });
  const admin = new Kafka({ brokers: bootstrapServers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const leadersOf = async (topic: string) => {
    const described = await admin.fetchTopicMetadata({ topics: [topic] });
    return new Map(described.topics[0]?.partitions.map(({ partitionId, leader }) => [partitionId, leader]));
  };
  const sessions = kafkaClients.map((client) => ({
    client,
    session: kafkaSession({
      bootstrapServers,
      topic: client,
      settings: { ...settings, producerClient: client, consumerClient: client, acks: 'all', partitions: 6 },
      workload,
    }),
  }));
  try {
    await Promise.all(sessions.map(({ session }) => session.open()));
    const before = await Promise.all(kafkaClients.map(leadersOf));
    const measuring = sessions.map(async ({ client, session }) => {
      measured.set(client, await measureBoth(session));
    });
    await delay(4_000);
    const broker = findLaunched(bench.runFolder(ref)).find(({ name }) => name === 'broker-2');
    if (!broker) throw new Error('there is no second broker');
    await endProcess(broker.identity, { signal: 'SIGKILL' });
    await Promise.all(measuring);
    for (const [index, client] of kafkaClients.entries()) {
      const after = await leadersOf(client);
      const changed = [...(before[index] ?? [])].filter(([id, leader]) => after.get(id) !== leader);
      moved.set(client, changed.length);
    }
  } finally {
    await Promise.all(sessions.map(({ session }) => session.close({ atOnce: true })));
    await admin.disconnect();
  }
}, 300_000);

afterAll(async () => {
  await destroy(bench.deps, ref, endlessAttempt);
  await bench.stop();
}, 60_000);

it.each(kafkaClients)(
  '%s goes on with the new leaders when a broker of three is killed, and loses nothing',
  (client) => {
    const { produced, consumed } = measured.get(client) as { produced: ProducePart; consumed: ConsumePart };
    expect(moved.get(client)).toBeGreaterThan(0);
    const { unsent, acknowledged, failed, indeterminate } = produced;
    expect(unsent + acknowledged + failed + indeterminate).toBe(5_000);
    // The new leaders are there within the 9 s after which a broker counts as gone; retries last 30 s.
    expect(acknowledged + indeterminate).toBe(5_000);
    expect(acknowledged).toBeGreaterThan(4_500);
    expect(consumed.lost).toBe(0);
    expect(consumed.received).toBeGreaterThanOrEqual(acknowledged);
    expect(consumed.received).toBeLessThanOrEqual(acknowledged + indeterminate);
  },
);
