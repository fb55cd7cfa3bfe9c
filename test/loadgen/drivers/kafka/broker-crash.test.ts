import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { driver } from '../../../../loadgen/drivers/kafka/driver.ts';
import type { ConsumePart, ProducePart } from '../../../../src/contracts/documents/load-parts.ts';
import { workloadSchema } from '../../../../src/contracts/input/workload.ts';
import { kafkaSettingsSchema } from '../../../../src/technologies/kafka/settings.ts';
import { kafkaClients } from '../../../support/kafka-clients.ts';
import { until } from '../../../support/until.ts';
import { Collector } from '../../support/collector.ts';
import { createTopics, type KafkaClientName, kafkaSession } from '../../support/kafka-session.ts';
import { measureBoth } from '../../support/measuring.ts';
import { type KafkaBroker, startKafka } from '../../support/servers.ts';

const workload = workloadSchema.parse({
  load: { shape: 'constant', messagesPerSecond: 500 },
  warmupSeconds: 1,
  durationSeconds: 10,
  drainTimeoutSeconds: 60,
});

let broker: KafkaBroker;
let collector: Collector | null = null;
const measured = new Map<KafkaClientName, { produced: ProducePart; consumed: ConsumePart }>();

// One crash for all clients: each waits for the broker to come back.
beforeAll(async () => {
  broker = await startKafka();
  const { bootstrapServers } = broker;
  await createTopics(
    bootstrapServers,
    kafkaClients.map((client) => `crash-${client}`),
  );
  const sessions = kafkaClients.map((client) => {
    const settings = { producerClient: client, consumerClient: client, acks: 'all' };
    return {
      client,
      session: kafkaSession({ bootstrapServers, topic: `crash-${client}`, settings, workload }),
    };
  });
  try {
    await Promise.all(sessions.map(({ session }) => session.open()));
    const measuring = sessions.map(async ({ client, session }) => {
      measured.set(client, await measureBoth(session));
    });
    await delay(4_000);
    await broker.crashAndRestart();
    await Promise.all(measuring);
  } finally {
    await Promise.all(sessions.map(({ session }) => session.close({ atOnce: true })));
  }
}, 240_000);

afterEach(async () => {
  await collector?.close();
  collector = null;
});

afterAll(async () => {
  await broker?.stop();
});

test.each(kafkaClients)(
  'with %s, a broker that is killed and started again in mid-run loses nothing that it had acknowledged',
  (client) => {
    const { produced, consumed } = measured.get(client) as { produced: ProducePart; consumed: ConsumePart };
    // The schedule went on while there was no broker.
    expect(produced.scheduled).toBe(5_000);
    const { unsent, acknowledged, failed, indeterminate } = produced;
    expect(unsent + acknowledged + failed + indeterminate).toBe(5_000);
    expect(acknowledged).toBeGreaterThan(2_500);
    expect(consumed.lost).toBe(0);
    // Whatever arrived had been acknowledged, or was in doubt.
    expect(consumed.received).toBeGreaterThanOrEqual(acknowledged);
    expect(consumed.received).toBeLessThanOrEqual(acknowledged + indeterminate);
  },
);

test.each([{ idempotence: false }, { idempotence: true }])(
  'the flat client loses nothing when the broker crashes and starts again, with %j',
  async ({ idempotence }) => {
    const { bootstrapServers } = broker;
    const topic = `crash-and-count-${idempotence}`;
    await createTopics(bootstrapServers, [topic], { partitions: 3 });
    const settings = kafkaSettingsSchema.parse({
      producerClient: 'flat',
      consumerClient: 'flat',
      idempotence,
      partitions: 3,
      acks: 'all',
    });
    const collected = new Collector(settings, { bootstrapServers, topic }, `session-${topic}`);
    collector = collected;
    await collected.openConsumers(driver, 1);
    const producer = await collected.openProducer(driver);
    const sending = collected.send(producer, 20_000);
    await until('the first outcomes', () => collected.outcomes.size > 1_000);
    await Promise.all([broker.crashAndRestart(), sending]);
    const arrivedSequences = () => new Set(collected.arrivals.map(({ sequence }) => sequence));
    const acknowledged = [...collected.outcomes].filter(([, outcome]) => outcome === 'acknowledged');
    // What is in doubt may have arrived as well, so that numbers alone say nothing.
    await until('everything acknowledged', () => {
      const arrived = arrivedSequences();
      return acknowledged.every(([sequence]) => arrived.has(sequence));
    });
    expect(collected.count('acknowledged')).toBeGreaterThan(0);
    expect(collected.settledTwice).toBe(0);
    expect(collected.broken).toBeNull();
    if (!idempotence) return;
    expect(collected.arrivals).toHaveLength(arrivedSequences().size);
    for (const partition of [0, 1, 2]) {
      const sequences = collected.arrivals
        .filter((arrival) => arrival.partition === partition)
        .map(({ sequence }) => sequence);
      expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
    }
  },
);
