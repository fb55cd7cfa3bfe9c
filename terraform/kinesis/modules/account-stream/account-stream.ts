/**
 * Makes or deletes a stream of ours in accounts that are not. COMPARATOR_ACCOUNT_STREAM describes it; where it is, and who
 * one is there, the file says that COMPARATOR_CLUSTERS names. A second argument, the stream's name, is for process listings
 * only.
 *
 * `create` leaves an empty stream that can be used, with a registered consumer where enhanced fan-out wants one; `delete`
 * leaves neither, and ends well only once the service says so.
 */
import { setTimeout as delay } from 'node:timers/promises';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  IncreaseStreamRetentionPeriodCommand,
  KinesisClient,
  LimitExceededException,
  RegisterStreamConsumerCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  type StreamDescriptionSummary,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { z } from 'zod';
import { runClusterProgram } from '../../../../src/machine/clusters/cluster-program.ts';
import { kinesisAccess, kinesisProblem } from '../../../../src/machine/clusters/kinesis-access.ts';
import { fanOutConsumerName } from '../../../../src/technologies/kinesis/fan-out.ts';

const streamSchema = z.strictObject({
  name: z.string().regex(/^cmp-[a-z0-9]+-[a-z0-9][a-z0-9-]{2,35}$/, 'is no name of a stream of ours'),
  clusters: z.array(z.string()).min(1),
  mode: z.enum(['provisioned', 'on-demand']).optional(),
  shards: z.int().nullish(),
  retentionHours: z.int().optional(),
  consumer: z.enum(['polling', 'enhanced-fan-out']).optional(),
  maxRecordKibibytes: z.int().nullish(),
  warmThroughputMebibytesPerSecond: z.int().nullish(),
  /** Goes on where one of the accounts cannot be asked. */
  whereItCan: z.boolean().default(false),
});
type Stream = z.infer<typeof streamSchema>;

/** The service takes a minute and more. */
const timeoutMs = 10 * 60_000;
const pauseMs = 500;
/** The service takes so few calls a second of an account that others' may be in the way. */
const crowdedPauseMs = 2_000;
const defaultRetentionHours = 24;

async function create(client: KinesisClient, stream: Stream): Promise<void> {
  await remove(client, stream.name);
  const { mode, shards, retentionHours = defaultRetentionHours } = stream;
  await patiently(() =>
    client.send(
      new CreateStreamCommand({
        StreamName: stream.name,
        ...(mode === 'on-demand' ? {} : { ShardCount: shards ?? undefined }),
        StreamModeDetails: { StreamMode: mode === 'on-demand' ? 'ON_DEMAND' : 'PROVISIONED' },
        ...(stream.maxRecordKibibytes && { MaxRecordSizeInKiB: stream.maxRecordKibibytes }),
        ...(stream.warmThroughputMebibytesPerSecond && {
          WarmThroughputMiBps: stream.warmThroughputMebibytesPerSecond,
        }),
        Tags: tagsOf(stream.name),
      }),
    ),
  );
  const { StreamARN } = await untilActive(client, stream.name);
  if (retentionHours > defaultRetentionHours) {
    await patiently(() =>
      client.send(
        new IncreaseStreamRetentionPeriodCommand({
          StreamName: stream.name,
          RetentionPeriodHours: retentionHours,
        }),
      ),
    );
    await untilActive(client, stream.name);
  }
  if (stream.consumer !== 'enhanced-fan-out') return;
  const consumer = { StreamARN, ConsumerName: fanOutConsumerName(stream.name) };
  await patiently(() => client.send(new RegisterStreamConsumerCommand(consumer)));
  for (;;) {
    const { ConsumerDescription } = await client.send(new DescribeStreamConsumerCommand(consumer));
    if (ConsumerDescription?.ConsumerStatus === 'ACTIVE') return;
    lastProblem = `its consumer is ${ConsumerDescription?.ConsumerStatus}`;
    await delay(pauseMs);
  }
}

/** As everywhere on AWS; the name, `cmp-<installation>-<experiment>`, is what it is found by. */
function tagsOf(name: string): Record<string, string> {
  const [, installation = '', ...experiment] = name.split('-');
  return { 'comparator:installation': installation, 'comparator:experiment': experiment.join('-') };
}

async function untilActive(client: KinesisClient, name: string): Promise<StreamDescriptionSummary> {
  for (;;) {
    const found = await describe(client, name);
    if (found?.StreamStatus === 'ACTIVE') return found;
    lastProblem = `the stream is ${found?.StreamStatus ?? 'not there'}`;
    await delay(pauseMs);
  }
}

async function remove(client: KinesisClient, name: string): Promise<void> {
  for (;;) {
    const found = await describe(client, name);
    if (!found) return;
    // One that is being made can be deleted only once it is there.
    if (found.StreamStatus !== 'DELETING') {
      await patiently(() =>
        client.send(new DeleteStreamCommand({ StreamName: name, EnforceConsumerDeletion: true })),
      );
    }
    lastProblem = `the stream is still ${found.StreamStatus}`;
    await delay(pauseMs);
  }
}

async function describe(client: KinesisClient, name: string): Promise<StreamDescriptionSummary | null> {
  try {
    const answer = await patiently(() => client.send(new DescribeStreamSummaryCommand({ StreamName: name })));
    return answer.StreamDescriptionSummary ?? null;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return null;
    throw error;
  }
}

/** Tries again what the service refuses for now. @throws what it refuses for good, such as for want of shards */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const crowded = error instanceof LimitExceededException && /rate|exceeded/i.test(error.message);
      const lacksShards = /shard/i.test((error as Error).message);
      if (lacksShards || !(crowded || error instanceof ResourceInUseException)) throw error;
      lastProblem = (error as Error).message;
      await delay(crowdedPauseMs);
    }
  }
}

async function onCluster(cluster: string, work: (client: KinesisClient) => Promise<void>): Promise<void> {
  try {
    const client = new KinesisClient({
      ...kinesisAccess(process.env.COMPARATOR_CLUSTERS || null, cluster),
      requestHandler: new NodeHttpHandler({ connectionTimeout: 3_000, requestTimeout: 15_000 }),
    });
    await work(client).finally(() => client.destroy());
  } catch (error) {
    throw new Error(`on the cluster ${cluster}: ${kinesisProblem(error).message}`);
  }
}

let lastProblem = '';
runClusterProgram({
  what: 'stream',
  timeoutMs,
  read: () => streamSchema.parse(JSON.parse(process.env.COMPARATOR_ACCOUNT_STREAM ?? 'null')),
  create: (cluster, stream) => onCluster(cluster, (client) => create(client, stream)),
  remove: (cluster, { name }) => onCluster(cluster, (client) => remove(client, name)),
  lastProblem: () => lastProblem,
});
