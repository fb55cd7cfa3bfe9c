/**
 * How fast each Kafka client of the load generator is beside Kafka's own ProducerPerformance and ConsumerPerformance:
 * one real broker, the same batch settings, three rounds of everything. Rates are those at which everything offered is
 * too much; latencies are those at a rate that all can hold. `--quick` measures once, for a few seconds only, and
 * compares less truly.
 */
import { monotonicMicros } from '../../loadgen/measure/clock.ts';
import { emptyCounts, record } from '../../loadgen/measure/latency-counts.ts';
import { allocateLedger, openLedger, receive, settle } from '../../loadgen/measure/ledger.ts';
import type { ConsumePart, ProducePart } from '../../src/contracts/documents/load-parts.ts';
import { workloadSchema } from '../../src/contracts/input/workload.ts';
import { kafkaSession } from '../loadgen/support/kafka-session.ts';
import { measureBoth, orderOf } from '../loadgen/support/measuring.ts';
import { spreadOf } from './experiments.ts';
import { batching, type PeerRates, partitions, startKafkaPeer } from './kafka-tools.ts';
import { percentiles, perSecond, publish, quick, table } from './report.ts';

const clients = ['kafkajs', 'platformatic', 'flat'] as const;
type Client = (typeof clients)[number];
const rounds = quick ? 1 : 3;
const measuredSeconds = quick ? 2 : 5;
const warmupSeconds = quick ? 1 : 2;
const latencyRun = { messageSizeBytes: 1_024, messagesPerSecond: 20_000, seconds: quick ? 3 : 10 };

/** Each size with more messages than the fastest tool sends in some seconds, and a rate that no client can hold. */
const sizes = [
  { messageSizeBytes: 100, label: '100 B', peerMessages: quick ? 1_500_000 : 5_000_000, offered: 6_000_000 },
  { messageSizeBytes: 1_024, label: '1 KB', peerMessages: quick ? 250_000 : 1_000_000, offered: 1_000_000 },
];
type Size = (typeof sizes)[number];

const peer = await startKafkaPeer();

interface Peers {
  producerDefault: PeerRates;
  producer: PeerRates;
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
      maxWarmupSeconds: warmupSeconds,
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

/** Everything once, at one size. */
async function round(size: Size): Promise<{ peers: Peers; rates: Record<Client, Rates> }> {
  console.error(`${size.label}: Kafka's own tools …`);
  const peers = await measurePeers(size);
  const rates: Partial<Record<Client, Rates>> = {};
  for (const client of clients) {
    console.error(`${size.label}: ${client} …`);
    rates[client] = await measureRates(client, size);
  }
  return { peers, rates: rates as Record<Client, Rates> };
}

/** The median of all rounds, and the lowest and the highest. */
function over(values: number[], format: (value: number) => string): string {
  const { lowest, median, highest } = spreadOf(values);
  return values.length === 1 ? format(median) : `${format(median)} (${format(lowest)} to ${format(highest)})`;
}

async function sectionsOf(size: Size): Promise<string[]> {
  const all: Awaited<ReturnType<typeof round>>[] = [];
  while (all.length < rounds) all.push(await round(size));
  const of = (pick: (one: (typeof all)[number]) => number) => over(all.map(pick), perSecond);
  const rows: string[][] = [
    ['ProducerPerformance, default batching', of(({ peers }) => peers.producerDefault.warm), '–', '–', '–'],
    ['ProducerPerformance, once warm', of(({ peers }) => peers.producer.warm), '–', '–', '–'],
    ['ProducerPerformance, with its start', of(({ peers }) => peers.producer.whole), '–', '–', '–'],
    ['ConsumerPerformance (reading only)', '–', of(({ peers }) => peers.consumer), '–', '–'],
  ];
  const recording: string[] = [];
  const recordingMicros = recordingMicrosPerMessage();
  for (const client of clients) {
    // Of each round by itself: what the machine does meanwhile hits both.
    const ratioOf = (rate: (rates: Rates) => number) =>
      over(
        all.map(({ rates, peers }) => rate(rates[client]) / peers.producer.warm),
        (value) => value.toFixed(2),
      );
    rows.push([
      client,
      of(({ rates }) => rates[client].produceOnly),
      of(({ rates }) => rates[client].atOnce),
      ratioOf(({ produceOnly }) => produceOnly),
      ratioOf(({ atOnce }) => atOnce),
    ]);
    const cpu = all.flatMap(({ rates }) => rates[client].cpuMicrosPerMessage ?? []);
    if (cpu.length === 0) continue;
    const { median } = spreadOf(cpu);
    const share = ((100 * recordingMicros) / median).toFixed(1);
    recording.push(`${client} ${median.toFixed(2)} µs, of which recording ${share}%`);
  }
  const head = [
    '',
    'produce only, messages/s',
    'produce and consume at once',
    '÷ warm peer',
    'at once ÷ warm peer',
  ];
  return [
    `## ${size.label}`,
    table(head, rows),
    `CPU of the generator for each message, produced and consumed: ${recording.join('; ')}.`,
  ];
}

async function main(): Promise<void> {
  const sections: string[] = [];
  for (const size of sizes) sections.push(...(await sectionsOf(size)));
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
      "one producer and one consumer, every message in the ledger and the histograms. The peer is ProducerPerformance with the same batch settings, which only produces, on the same broker, with the Java options of an experiment's; it is warm once it has sent a fifth of its messages, our clients after " +
      `${warmupSeconds} s. ${rounds === 1 ? 'One round.' : `Medians of ${rounds} rounds, with the lowest and the highest; ratios within a round.`}`,
    sections,
  });
}

try {
  await main();
} finally {
  await peer.stop();
}
