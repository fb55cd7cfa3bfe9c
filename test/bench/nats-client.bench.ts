/**
 * How fast the NATS producer and consumer of the load generator are beside the library that they use, publishing alone
 * with the same window: one run, one real server. Rates are those at which everything offered is too much; the latency is
 * that at a rate which both ends hold. `--quick` measures for a few seconds only and compares less truly.
 */
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { medianOf } from '../../src/analysis/statistics/median.ts';
import type { ConsumePart, ProducePart } from '../../src/contracts/documents/load-parts.ts';
import { workloadSchema } from '../../src/contracts/input/workload.ts';
import { natsSettingsSchema } from '../../src/technologies/nats/settings.ts';
import { measureBoth, orderOf } from '../loadgen/support/measuring.ts';
import { startNats } from '../loadgen/support/servers.ts';
import { sessionOf } from '../loadgen/support/session-of.ts';
import { endWhenInterrupted } from './interrupted.ts';
import { percentiles, perSecond, publish, quick, ratio, table } from './report.ts';

const { publishWindow } = natsSettingsSchema.parse({});
const rounds = quick ? 1 : 3;
const seconds = quick ? 3 : 10;
const storages = ['file', 'memory'] as const;
type Storage = (typeof storages)[number];
const latencyRate = 5_000;

const servers = await startNats();
endWhenInterrupted(() => servers.stop());

/** What the library takes by itself: a window of publishes that is always full. */
async function measureLibrary(storage: Storage, messageSizeBytes: number): Promise<number> {
  const { subjectPrefix } = await servers.createStream({ storage });
  const connection = await connect({ servers: servers.servers });
  try {
    const client = jetstream(connection);
    const payload = new Uint8Array(messageSizeBytes);
    const startMs = performance.now();
    const endMs = startMs + seconds * 1_000;
    let acknowledged = 0;
    const publishOn = async (lane: number) => {
      while (performance.now() < endMs) {
        await client.publish(`${subjectPrefix}.${lane % 4}`, payload);
        acknowledged++;
      }
    };
    await Promise.all(Array.from({ length: publishWindow }, (_, lane) => publishOn(lane)));
    return (acknowledged * 1_000) / (performance.now() - startMs);
  } finally {
    await connection.close();
  }
}

async function measure(
  storage: Storage,
  load: { messageSizeBytes: number; messagesPerSecond: number; consume: boolean },
): Promise<{ produced: ProducePart; consumed: ConsumePart | null }> {
  const endpoint = await servers.createStream({ storage });
  const workload = workloadSchema.parse({
    messageSizeBytes: load.messageSizeBytes,
    load: { shape: 'constant', messagesPerSecond: load.messagesPerSecond },
    warmupSeconds: quick ? 1 : 3,
    maxWarmupSeconds: quick ? 1 : 3,
    durationSeconds: seconds,
    drainTimeoutSeconds: 10,
  });
  const { consume } = load;
  const experimentId = endpoint.stream;
  const session = sessionOf({
    technology: 'nats',
    experimentId,
    settings: { storage },
    endpoint,
    workload,
    consume,
  });
  try {
    await session.open();
    if (consume) return await measureBoth(session);
    const { part: produced } = await session.produce(orderOf(session));
    return { produced, consumed: null };
  } finally {
    await session.close({ atOnce: true });
  }
}

const rateOf = ({ acknowledgedInTime, durationSeconds }: ProducePart) => acknowledgedInTime / durationSeconds;

const rates: (string | number)[][] = [];
const latencies: string[][] = [];
try {
  for (const storage of storages) {
    for (const messageSizeBytes of [100, 1_024]) {
      const library: number[] = [];
      const alone: number[] = [];
      const atOnce: number[] = [];
      for (let round = 0; round < rounds; round++) {
        console.error(`${storage}, ${messageSizeBytes} B, round ${round + 1} of ${rounds} …`);
        library.push(await measureLibrary(storage, messageSizeBytes));
        const tooMuch = { messageSizeBytes, messagesPerSecond: 400_000 };
        const { produced } = await measure(storage, { ...tooMuch, consume: false });
        alone.push(rateOf(produced));
        const both = await measure(storage, { ...tooMuch, consume: true });
        const received = (both.consumed?.receivedInTime ?? 0) / both.produced.durationSeconds;
        atOnce.push(Math.min(rateOf(both.produced), received));
      }
      rates.push([
        `${storage}, ${messageSizeBytes} B`,
        perSecond(medianOf(library)),
        perSecond(medianOf(alone)),
        alone.map((rate, round) => ratio(rate, library[round] as number)).join(', '),
        perSecond(medianOf(atOnce)),
      ]);
    }
    const steady = { messageSizeBytes: 1_024, messagesPerSecond: latencyRate, consume: true };
    const { produced, consumed } = await measure(storage, steady);
    latencies.push([storage, 'publish', ...percentiles(produced.publishScheduled)]);
    latencies.push([storage, 'end to end', ...percentiles(consumed?.endToEnd ?? null)]);
  }
} finally {
  await servers.stop();
}
publish('nats-client', {
  title: 'The NATS client',
  conditions:
    `One server on the same machine, one producer with a window of ${publishWindow} messages, and one consumer or none; ${rounds} rounds of ${seconds} s, the median and the ratio of each. ` +
    'The peer is the library by itself, with the same window and nothing recorded.',
  sections: [
    table(
      ['', 'library alone, messages/s', 'produce only', '÷ library', 'produce and consume at once'],
      rates,
    ),
    `## Latency at ${perSecond(latencyRate)} messages/s of 1 KB`,
    'From the intended send time, in ms.',
    table(['', 'latency', 'p50', 'p99', 'p99.9'], latencies),
  ],
});
