/**
 * How true the latencies are: a real broker is stopped (SIGSTOP) for one second in a run of 20 s at 1,000 messages/s. A
 * message that is due t into the stop waits for 1 s − t, so of all latencies a twentieth lies evenly between 0 and 1 s:
 * the exact 99th percentile is 800 ms, the maximum 1 s. With each Kafka client; exits with 1 when one of them is further
 * off than the bounds below.
 */
import { setTimeout as delay } from 'node:timers/promises';
import Table from 'cli-table3';
import { Kafka, logLevel } from 'kafkajs';
import { driverModules } from '../../loadgen/drivers/registry.ts';
import { Session } from '../../loadgen/session/session.ts';
import { latencyOf, mergeHistograms } from '../../src/analysis/histograms.ts';
import { measuredSchedule, workloadSchema } from '../../src/contracts/experiment.ts';
import type { Latency } from '../../src/contracts/metrics.ts';
import { type KafkaSettings, kafkaSettingsSchema } from '../../src/technologies/kafka.ts';
import { startKafka } from '../loadgen/support/servers.ts';

const stopAfterMs = 8_000;
const stopMs = 1_000;
const exact = { p99Ms: 800, maxMs: 1_000 };
const boundPercent = { p99Ms: 3, maxMs: 2 };

const workload = workloadSchema.parse({
  load: { shape: 'constant', messagesPerSecond: 1_000 },
  warmupSeconds: 5,
  durationSeconds: 20,
});

type Client = KafkaSettings['producerClient'];

async function measure(client: Client): Promise<Record<'publishScheduled' | 'endToEnd', Latency>> {
  const broker = await startKafka();
  const topic = `stall-${client}`;
  const admin = new Kafka({ brokers: broker.bootstrapServers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 4 }], waitForLeaders: true });
  await admin.disconnect();
  const session = new Session(
    {
      experimentId: topic,
      runId: 'run',
      session: 1,
      generator: 0,
      technology: 'kafka',
      settings: kafkaSettingsSchema.parse({ producerClient: client, consumerClient: client, acks: 1 }),
      endpoint: { bootstrapServers: broker.bootstrapServers, topic },
      workload,
      producers: [0],
      consumers: [0],
    },
    driverModules.kafka,
  );
  try {
    await session.open();
    const order = {
      startAtEpochMs: Date.now() + 300,
      schedule: measuredSchedule(workload),
      probe: null,
    };
    const measuring = Promise.all([session.produce(order), session.consume(order)]);
    await delay(order.startAtEpochMs + stopAfterMs - Date.now());
    process.kill(broker.pid, 'SIGSTOP');
    await delay(stopMs);
    process.kill(broker.pid, 'SIGCONT');
    const [{ part: produced }, { part: consumed }] = await measuring;
    return {
      publishScheduled: latencyOf(mergeHistograms([produced.publishScheduled])),
      endToEnd: latencyOf(mergeHistograms([consumed.endToEnd])),
    };
  } finally {
    await session.close();
    await broker.stop();
  }
}

const offPercent = (measured: number | null, wanted: number) => (((measured ?? 0) - wanted) / wanted) * 100;

const clients = kafkaSettingsSchema.shape.producerClient.unwrap().options;
const table = new Table({
  head: ['client', 'latency', 'p99 ms', 'off', 'max ms', 'off'],
  style: { head: [], border: [] },
});
let allWithin = true;
for (const client of clients) {
  for (const [kind, latency] of Object.entries(await measure(client))) {
    const off = {
      p99Ms: offPercent(latency.p99Ms, exact.p99Ms),
      maxMs: offPercent(latency.maxMs, exact.maxMs),
    };
    allWithin &&= (['p99Ms', 'maxMs'] as const).every((name) => Math.abs(off[name]) <= boundPercent[name]);
    table.push([
      client,
      kind,
      String(latency.p99Ms),
      `${off.p99Ms.toFixed(1)} %`,
      String(latency.maxMs),
      `${off.maxMs.toFixed(1)} %`,
    ]);
  }
}
console.log(`${table.toString()}\n`);
console.log(
  `exact: p99 ${exact.p99Ms} ms, max ${exact.maxMs} ms; bounds: p99 within ${boundPercent.p99Ms} %, max within ${boundPercent.maxMs} %: ${allWithin ? 'met' : 'NOT met'}`,
);
process.exit(allWithin ? 0 : 1);
