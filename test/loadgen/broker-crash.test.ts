import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { driverModules } from '../../loadgen/drivers/registry.ts';
import { Session } from '../../loadgen/session/session.ts';
import { measuredSchedule, workloadSchema } from '../../src/contracts/experiment.ts';
import type { ConsumePart, ProducePart } from '../../src/contracts/loadgen.ts';
import { kafkaSettingsSchema } from '../../src/technologies/kafka.ts';
import { type KafkaBroker, startKafka } from './support/servers.ts';

const clients = kafkaSettingsSchema.shape.producerClient.unwrap().options;
type Client = (typeof clients)[number];

const workload = workloadSchema.parse({
  load: { shape: 'constant', messagesPerSecond: 500 },
  warmupSeconds: 1,
  durationSeconds: 10,
  drainTimeoutSeconds: 60,
});

let broker: KafkaBroker;
const measured = new Map<Client, { produced: ProducePart; consumed: ConsumePart }>();

function sessionWith(client: Client): Session {
  return new Session(
    {
      experimentId: `crash-${client}`,
      runId: 'run',
      session: 1,
      generator: 0,
      technology: 'kafka',
      settings: kafkaSettingsSchema.parse({ producerClient: client, consumerClient: client, acks: 'all' }),
      endpoint: { bootstrapServers: broker.bootstrapServers, topic: `crash-${client}` },
      workload,
      producers: [0],
      consumers: [0],
    },
    driverModules.kafka,
  );
}

// One crash for all clients: each waits for the broker to come back.
beforeAll(async () => {
  broker = await startKafka();
  const admin = new Kafka({ brokers: broker.bootstrapServers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const topics = clients.map((client) => ({ topic: `crash-${client}`, numPartitions: 4 }));
  await admin.createTopics({ topics, waitForLeaders: true });
  await admin.disconnect();
  const sessions = clients.map((client) => ({ client, session: sessionWith(client) }));
  try {
    await Promise.all(sessions.map(({ session }) => session.open()));
    const order = {
      startAtEpochMs: Date.now() + 100,
      schedule: measuredSchedule(workload),
      probe: null,
    };
    const measuring = sessions.map(async ({ client, session }) => {
      const [produced, consumed] = await Promise.all([session.produce(order), session.consume(order)]);
      measured.set(client, { produced: produced.part, consumed: consumed.part });
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

test.each(clients)(
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
