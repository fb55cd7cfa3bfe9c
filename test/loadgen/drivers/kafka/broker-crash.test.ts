import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ConsumePart, ProducePart } from '../../../../src/contracts/documents/load-parts.ts';
import { workloadSchema } from '../../../../src/contracts/input/workload.ts';
import { kafkaClients } from '../../../../src/technologies/kafka/settings.ts';
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
