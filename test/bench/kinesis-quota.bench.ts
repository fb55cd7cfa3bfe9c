/**
 * How close a Kinesis stream is kept to its quota: one of two shards, which the emulator and the quota proxy before it
 * hold to 2,000 records/s, is offered 3,000 messages/s. Exits with 1 when fewer than 95% of the quota were taken, or when
 * anything was lost, failed or left in doubt.
 */
import Table from 'cli-table3';
import { workloadSchema } from '../../src/contracts/input/experiment.ts';
import { kinesisQuotas } from '../../src/technologies/kinesis.ts';
import { createKinesisStream } from '../loadgen/support/kinesis-stream.ts';
import { measureBoth } from '../loadgen/support/measuring.ts';
import { startMiniStack, startQuotaProxy, testAwsEnvironment } from '../loadgen/support/servers.ts';
import { sessionOf } from '../loadgen/support/session-of.ts';

const repetitions = 3;
const shards = 2;
const quota = shards * kinesisQuotas.shard.writeRecordsPerSecond;
const leastShare = 0.95;

const workload = workloadSchema.parse({
  messageSizeBytes: 200,
  load: { shape: 'constant', messagesPerSecond: 3_000 },
  warmupSeconds: 0.5,
  durationSeconds: 15,
});

async function measure() {
  const emulator = await startMiniStack();
  const proxy = await startQuotaProxy(emulator.url);
  const endpoint = { ...(await createKinesisStream(emulator.url, 'quota', shards)), endpointUrl: proxy.url };
  const session = sessionOf({
    technology: 'kinesis',
    experimentId: 'quota',
    settings: { shards },
    endpoint,
    workload,
  });
  try {
    await session.open();
    return await measureBoth(session);
  } finally {
    await session.close();
    await proxy.stop();
    await emulator.stop();
  }
}

// The SDK finds credentials here, and so do the threads.
Object.assign(process.env, testAwsEnvironment);
const table = new Table({
  head: ['taken in time, messages/s', 'scheduled', 'acknowledged', 'throttled', 'lost', 'failed', 'in doubt'],
  style: { head: [], border: [] },
});
let asWanted = true;
for (let round = 0; round < repetitions; round++) {
  const { produced, consumed } = await measure();
  const { scheduled, acknowledged, throttled, failed, indeterminate } = produced;
  const perSecond = produced.acknowledgedInTime / produced.durationSeconds;
  asWanted &&= perSecond >= leastShare * quota && perSecond <= quota && throttled > 0;
  asWanted &&= consumed.lost + failed + indeterminate === 0;
  table.push([
    Math.round(perSecond),
    scheduled,
    acknowledged,
    throttled,
    consumed.lost,
    failed,
    indeterminate,
  ]);
}
console.log(table.toString());
console.log(
  `the quota of ${shards} shards: ${quota} records/s; at least ${leastShare * 100}% of it, and nothing lost: ${asWanted ? 'met' : 'NOT met'}`,
);
process.exit(asWanted ? 0 : 1);
