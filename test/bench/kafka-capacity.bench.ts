/**
 * What the `flat` client carries for a minute, produced and consumed at once, at the rate that a capacity search found:
 * whole experiments on a stack of their own, each beside ProducerPerformance, which only produces. Three rounds, of which
 * the first one searches. `--quick` searches and holds for seconds only, and compares less truly.
 */
import { medianOf } from '../../src/analysis/statistics/median.ts';
import type { TestStack } from '../support/stack.ts';
import { runExperiment, startBenchStack } from './experiments.ts';
import { batching, type PeerRates, partitions, startKafkaPeer } from './kafka-tools.ts';
import { perSecond, publish, quick, ratio, table } from './report.ts';

const rounds = 3;
const holdSeconds = quick ? 10 : 60;
const probeSeconds = quick ? 4 : 10;
const peerSeconds = quick ? 5 : 30;

/** A rate below what is found, so that the search need not go down; how many messages the peer sends in a second. */
const sizes = [
  { label: '1 KB', messageSizeBytes: 1_024, startMessagesPerSecond: 80_000, peerRate: 150_000, wanted: 0.85 },
  { label: '100 B', messageSizeBytes: 100, startMessagesPerSecond: 400_000, peerRate: 700_000, wanted: 0.75 },
];
type Size = (typeof sizes)[number];

function experimentOf({ messageSizeBytes }: Size, load: object): object {
  return {
    name: 'capacity',
    technology: 'kafka',
    settings: { acks: 1, partitions, ...batching, producerClient: 'flat', consumerClient: 'flat' },
    workload: { messageSizeBytes, load, warmupSeconds: 5, maxWarmupSeconds: 5, durationSeconds: holdSeconds },
    requirements: [{ metric: 'messages.lost', atMost: 0 }],
  };
}

async function peerRates({ messageSizeBytes, peerRate: guess }: Size): Promise<PeerRates> {
  const peer = await startKafkaPeer();
  try {
    const messages = guess * peerSeconds;
    return await peer.withTopic((topic) => peer.producerPerformance({ topic, messageSizeBytes, messages }));
  } finally {
    await peer.stop();
  }
}

async function measure(stack: TestStack, size: Size): Promise<string[]> {
  const rows: (string | number)[][] = [];
  const ratios: number[] = [];
  let probes: string[] = [];
  let rate: number | null = null;
  for (let round = 1; round <= rounds; round++) {
    console.error(`${size.label}, round ${round}: ProducerPerformance …`);
    const { warm: peer, whole } = await peerRates(size);
    console.error(`${size.label}, round ${round}: ${perSecond(peer)} messages/s; flat …`);
    const { startMessagesPerSecond } = size;
    const load: object = rate
      ? { shape: 'constant', messagesPerSecond: rate }
      : { shape: 'capacity-search', startMessagesPerSecond, maxMessagesPerSecond: 5_000_000, probeSeconds };
    const { measurement, capacity, loadGenerator } = await runExperiment(stack, experimentOf(size, load));
    if (capacity) {
      rate = capacity.sustainableMessagesPerSecond;
      probes = capacity.probes.map(
        ({ messagesPerSecond, hold, reason }) =>
          `${perSecond(messagesPerSecond)}${hold ? ' (held)' : ''}: ${reason}`,
      );
    }
    if (!measurement || !rate) throw new Error(`no rate was sustained: ${probes.join('; ')}`);
    const { produced, consumed } = measurement.throughput;
    const atOnce = Math.min(produced.messagesPerSecond, consumed.messagesPerSecond);
    ratios.push(atOnce / peer);
    rows.push([
      round,
      perSecond(whole),
      perSecond(peer),
      perSecond(rate),
      perSecond(atOnce),
      ratio(atOnce, peer),
      measurement.latency.endToEnd.p99Ms?.toFixed(1) ?? '–',
      measurement.messages.lost,
      loadGenerator?.limited ? `yes: ${loadGenerator.evidence.join(', ')}` : 'no',
    ]);
    console.error(`${size.label}, round ${round}: ${perSecond(atOnce)} messages/s`);
  }
  const median = medianOf(ratios);
  const head = ['round', 'ProducerPerformance', 'once warm', 'rate asked', 'held, both ends', '÷ warm peer'];
  return [
    `## ${size.label}: median ${median.toFixed(2)} × ProducerPerformance once warm (${size.wanted} wanted)`,
    table([...head, 'end-to-end p99, ms', 'lost', 'generator was the limit'], rows),
    `The search: ${probes.join('; ')}.`,
  ];
}

const stack = await startBenchStack();
try {
  const sections: string[] = [];
  for (const size of sizes) sections.push(...(await measure(stack, size)));
  publish('kafka-capacity', {
    title: 'Capacity of the flat Kafka client',
    conditions:
      `Experiments of ${holdSeconds} s on one broker with ${partitions} partitions, acks 1, linger ${batching.lingerMs} ms and batches of ${batching.batchSizeBytes / 1_024} KB; one producer and one consumer at once, every message in the ledger and the histograms. ` +
      `The peer, ProducerPerformance, only produces, for about ${peerSeconds} s with the same batch settings on a broker of its own with the same Java options, beside the stack; warm is what it sends after the first fifth. Messages a second.`,
    sections,
  });
} finally {
  await stack.end();
}
