/**
 * How close a Kinesis stream is kept to its quota: one of two shards, which the emulator and the quota proxy before it
 * hold to 2,000 records/s, is offered 3,000 messages/s. Exits with 1 when fewer than 95% of the quota were taken, or when
 * anything was lost, failed or left in doubt.
 */
import { workloadSchema } from '../../src/contracts/input/workload.ts';
import { kinesisQuotas } from '../../src/technologies/kinesis.ts';
import { createKinesisStream } from '../loadgen/support/kinesis-stream.ts';
import { measureBoth } from '../loadgen/support/measuring.ts';
import { startMiniStack, startQuotaProxy, testAwsEnvironment } from '../loadgen/support/servers.ts';
import { sessionOf } from '../loadgen/support/session-of.ts';
import { endWhenInterrupted } from './interrupted.ts';
import { perSecond, publish, table } from './report.ts';

const repetitions = 3;
const shards = 2;
const quota = shards * kinesisQuotas.shard.writeRecordsPerSecond;
const leastShare = 0.95;

const workload = workloadSchema.parse({
  messageSizeBytes: 200,
  load: { shape: 'constant', messagesPerSecond: 3_000 },
  warmupSeconds: 0.5,
  maxWarmupSeconds: 0.5,
  durationSeconds: 15,
});

async function measure() {
  const emulator = await startMiniStack();
  endWhenInterrupted(() => emulator.stop());
  const proxy = await startQuotaProxy(emulator.url);
  endWhenInterrupted(() => proxy.stop());
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
const head = [
  'taken in time, messages/s',
  'scheduled',
  'acknowledged',
  'throttled',
  'lost',
  'failed',
  'in doubt',
];
const rows: (string | number)[][] = [];
let asWanted = true;
for (let round = 0; round < repetitions; round++) {
  const { produced, consumed } = await measure();
  const { scheduled, acknowledged, throttled, failed, indeterminate } = produced;
  const rate = produced.acknowledgedInTime / produced.durationSeconds;
  asWanted &&= rate >= leastShare * quota && rate <= quota && throttled > 0;
  asWanted &&= consumed.lost + failed + indeterminate === 0;
  rows.push([perSecond(rate), scheduled, acknowledged, throttled, consumed.lost, failed, indeterminate]);
}
publish('kinesis-quota', {
  title: 'A Kinesis stream that is offered more than it may take',
  conditions: `${shards} shards, emulated, behind the quota proxy, which may take ${perSecond(quota)} messages/s together and are offered ${perSecond(3_000)}/s of ${workload.messageSizeBytes} B for ${workload.durationSeconds} s.`,
  sections: [
    table(head, rows),
    `At least ${leastShare * 100}% of the quota, and nothing lost, failed or in doubt: ${asWanted ? 'met' : 'NOT met'}.`,
  ],
});
process.exit(asWanted ? 0 : 1);
