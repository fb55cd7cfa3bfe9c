import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { driverModules } from '../../loadgen/drivers/registry.ts';
import { Session } from '../../loadgen/session/session.ts';
import { measuredSchedule, workloadSchema } from '../../src/contracts/experiment.ts';
import { kafkaSettingsSchema } from '../../src/technologies/kafka.ts';
import { type KafkaBroker, startKafka } from './support/servers.ts';

const clients = kafkaSettingsSchema.shape.producerClient.unwrap().options;
let broker: KafkaBroker | null = null;
let session: Session | null = null;

afterEach(async () => {
  await session?.close({ atOnce: true });
  await broker?.stop();
});

test.each(clients)(
  'with %s, a broker that is killed and started again in mid-run loses nothing that it had acknowledged',
  async (client) => {
    broker = await startKafka();
    const topic = `crash-${client}`;
    const admin = new Kafka({ brokers: broker.bootstrapServers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic, numPartitions: 4 }], waitForLeaders: true });
    await admin.disconnect();
    const workload = workloadSchema.parse({
      load: { shape: 'constant', messagesPerSecond: 1_000 },
      warmupSeconds: 1,
      durationSeconds: 12,
      drainTimeoutSeconds: 60,
    });
    session = new Session(
      {
        experimentId: topic,
        runId: 'run',
        session: 1,
        generator: 0,
        technology: 'kafka',
        settings: kafkaSettingsSchema.parse({
          producerClient: client,
          consumerClient: client,
          acks: 'all',
        }),
        endpoint: { bootstrapServers: broker.bootstrapServers, topic },
        workload,
        producers: [0],
        consumers: [0],
      },
      driverModules.kafka,
    );
    await session.open();
    const order = {
      startAtEpochMs: Date.now() + 100,
      schedule: measuredSchedule(workload),
      probe: null,
    };
    const measuring = Promise.all([session.produce(order), session.consume(order)]);
    await delay(4_000);
    await broker.crashAndRestart();
    const [{ part: produced }, { part: consumed }] = await measuring;
    // The schedule went on while there was no broker.
    expect(produced.scheduled).toBe(12_000);
    const { unsent, acknowledged, failed, indeterminate } = produced;
    expect(unsent + acknowledged + failed + indeterminate).toBe(12_000);
    expect(acknowledged).toBeGreaterThan(6_000);
    expect(consumed.lost).toBe(0);
    // Whatever arrived had been acknowledged, or was in doubt.
    expect(consumed.received).toBeGreaterThanOrEqual(acknowledged);
    expect(consumed.received).toBeLessThanOrEqual(acknowledged + indeterminate);
  },
  120_000,
);
