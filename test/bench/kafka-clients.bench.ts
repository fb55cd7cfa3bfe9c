/**
 * How fast each Kafka client of the load generator is beside Kafka's own ProducerPerformance and ConsumerPerformance:
 * one run, one real broker, the same batch settings. Rates are those at which everything offered is too much; latencies
 * are those at a rate that all can hold. `--quick` measures for a few seconds only and compares less truly.
 */
import { monotonicMicros } from '../../loadgen/measure/clock.ts';
import { emptyCounts, record } from '../../loadgen/measure/latency-counts.ts';
import { allocateLedger, openLedger, receive, settle } from '../../loadgen/measure/ledger.ts';
import type { ConsumePart, ProducePart } from '../../src/contracts/documents/load-parts.ts';
import { workloadSchema } from '../../src/contracts/input/workload.ts';
import { kafkaSession } from '../loadgen/support/kafka-session.ts';
import { measureBoth, orderOf } from '../loadgen/support/measuring.ts';
import { batching, partitions, startKafkaPeer } from './kafka-tools.ts';
import { percentiles, perSecond, publish, quick, ratio, table } from './report.ts';

const clients = ['kafkajs', 'platformatic', 'flat'] as const;
type Client = (typeof clients)[number];
const measuredSeconds = quick ? 2 : 5;
const warmupSeconds = quick ? 1 : 2;
const latencyRun = { messageSizeBytes: 1_024, messagesPerSecond: 20_000, seconds: quick ? 3 : 10 };

/** Each size with more messages than the fastest tool sends in some seconds, and a rate that no client can hold. */
const sizes = [
  { messageSizeBytes: 100, label: '100 B', peerMessages: quick ? 1_500_000 : 8_000_000, offered: 3_000_000 },
  { messageSizeBytes: 1_024, label: '1 KB', peerMessages: quick ? 250_000 : 1_200_000, offered: 400_000 },
];
type Size = (typeof sizes)[number];

const peer = await startKafkaPeer();

interface Peers {
  producerDefault: number;
  producer: number;
  consumer: number;
}

async function measurePeers({ messageSizeBytes, peerMessages: messages }: Size): Promise<Peers> {
  const { producerPerformance, consumerPerformance, withTopic } = peer;
  const producerDefault = await withTopic((topic) =>
    producerPerformance({ topic, messageSizeBytes, messages: messages / 4 }, []),
  );
  return withTopic(async (topic) => ({
    producerDefault,
    producer: await producerPerformance({ topic, messageSizeBytes, messages }),
    consumer: await consumerPerformance({ topic, messages }),
  }));
}

interface Measured {
  produced: ProducePart;
  consumed: ConsumePart | null;
}

/** A session of ours, as an experiment has it: a producer, and a consumer or none, each in a thread of its own. */
async function measure(
  client: Client,
  load: { messageSizeBytes: number; messagesPerSecond: number; seconds: number; consume: boolean },
  settings: object = batching,
): Promise<Measured> {
  return peer.withTopic(async (topic) => {
    const workload = workloadSchema.parse({
      messageSizeBytes: load.messageSizeBytes,
      load: { shape: 'constant', messagesPerSecond: load.messagesPerSecond },
      warmupSeconds,
      durationSeconds: load.seconds,
      drainTimeoutSeconds: 10,
    });
    const clientSettings = { producerClient: client, consumerClient: client, acks: 1, partitions };
    const session = kafkaSession({
      bootstrapServers: peer.broker.bootstrapServers,
      topic,
      settings: { ...clientSettings, ...settings },
      workload,
      consume: load.consume,
    });
    try {
      await session.open();
      if (load.consume) return await measureBoth(session);
      const { part: produced } = await session.produce(orderOf(session));
      return { produced, consumed: null };
    } finally {
      await session.close({ atOnce: true });
    }
  });
}

interface Rates {
  produceOnly: number;
  /** The lower of produced and consumed. */
  atOnce: number;
  /** CPU of the generator for a message produced and consumed, or null when there were none. */
  cpuMicrosPerMessage: number | null;
}

async function measureRates(client: Client, size: Size): Promise<Rates> {
  const { messageSizeBytes, offered: messagesPerSecond } = size;
  const load = { messageSizeBytes, messagesPerSecond, seconds: measuredSeconds };
  const alone = await measure(client, { ...load, consume: false });
  const both = await measure(client, { ...load, consume: true });
  const seconds = both.produced.durationSeconds;
  const produced = both.produced.acknowledgedInTime / seconds;
  const consumed = (both.consumed?.receivedInTime ?? 0) / seconds;
  const processCpu = both.produced.threads.find(({ name }) => name === 'process')?.cpuUtilization ?? 0;
  return {
    produceOnly: alone.produced.acknowledgedInTime / alone.produced.durationSeconds,
    atOnce: Math.min(produced, consumed),
    cpuMicrosPerMessage: produced + consumed > 0 ? (processCpu * 1e6) / ((produced + consumed) / 2) : null,
  };
}

/**
 * CPU time that recording takes for each message: its bit in the ledger when it is settled and when it arrives, and its
 * place in four histograms.
 */
function recordingMicrosPerMessage(): number {
  const messages = 4_000_000;
  const perSettling = 1_000;
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round++) {
    const ledger = openLedger(allocateLedger(messages));
    const histograms = [emptyCounts(), emptyCounts(), emptyCounts(), emptyCounts()] as const;
    const before = process.threadCpuUsage().user;
    const start = monotonicMicros();
    for (let sequence = 0; sequence < messages; sequence++) {
      const latency = (sequence % perSettling) + start * 1e-9;
      settle(ledger, sequence, 'acknowledged');
      receive(ledger, sequence);
      record(histograms[0], latency);
      record(histograms[1], latency * 2);
      record(histograms[2], latency * 3);
      record(histograms[3], latency * 4);
    }
    best = Math.min(best, (process.threadCpuUsage().user - before) / messages);
  }
  return best;
}

async function main(): Promise<void> {
  const sections: string[] = [];
  for (const size of sizes) {
    console.error(`${size.label}: Kafka's own tools …`);
    const peers = await measurePeers(size);
    const rows: (string | number)[][] = [
      ['ProducerPerformance, default batching', perSecond(peers.producerDefault), '–', '–', '–'],
      ['ProducerPerformance', perSecond(peers.producer), '–', '–', '–'],
      ['ConsumerPerformance (reading only)', '–', perSecond(peers.consumer), '–', '–'],
    ];
    const recording: string[] = [];
    const recordingMicros = recordingMicrosPerMessage();
    for (const client of clients) {
      console.error(`${size.label}: ${client} …`);
      const rates = await measureRates(client, size);
      rows.push([
        client,
        perSecond(rates.produceOnly),
        perSecond(rates.atOnce),
        ratio(rates.produceOnly, peers.producer),
        ratio(rates.atOnce, peers.producer),
      ]);
      const { cpuMicrosPerMessage } = rates;
      if (cpuMicrosPerMessage !== null) {
        const share = ((100 * recordingMicros) / cpuMicrosPerMessage).toFixed(1);
        recording.push(`${client} ${cpuMicrosPerMessage.toFixed(2)} µs, of which recording ${share}%`);
      }
    }
    const head = ['', 'produce only, messages/s', 'produce and consume at once', '÷ peer', 'at once ÷ peer'];
    sections.push(
      `## ${size.label}`,
      table(head, rows),
      `CPU of the generator for each message, produced and consumed: ${recording.join('; ')}.`,
    );
  }
  const latencies: string[][] = [];
  for (const client of clients) {
    console.error(`latency: ${client} …`);
    const { consumed } = await measure(client, { ...latencyRun, consume: true }, { lingerMs: 0 });
    latencies.push([client, ...percentiles(consumed?.endToEnd ?? null)]);
  }
  sections.push(
    `## Latency at ${perSecond(latencyRun.messagesPerSecond)} messages/s of 1 KB`,
    'End to end, from the intended send time, in ms; linger 0 and the default batch size.',
    table(['', 'p50', 'p99', 'p99.9'], latencies),
  );
  publish('kafka-clients', {
    title: 'Kafka clients',
    conditions:
      `One broker on the same machine, ${partitions} partitions, acks 1, linger ${batching.lingerMs} ms and batches of ${batching.batchSizeBytes / 1_024} KB unless it says otherwise; ` +
      'one producer and one consumer, every message in the ledger and the histograms. The peer is ProducerPerformance with the same batch settings, which only produces; its start is in its rate, while our clients are warm.',
    sections,
  });
}

try {
  await main();
} finally {
  await peer.stop();
}
