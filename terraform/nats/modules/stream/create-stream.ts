/**
 * Creates the stream that COMPARATOR_STREAM describes and waits until it has a leader and all its replicas are up to
 * date. The single argument, the stream's name, is for process listings only.
 */
import { setTimeout as delay } from 'node:timers/promises';
import {
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';
import { connect, nanos } from '@nats-io/transport-node';
import { z } from 'zod';

const streamSchema = z.strictObject({
  servers: z.array(z.string()).min(1),
  name: z.string(),
  replicas: z.int(),
  storage: z.enum(['file', 'memory']),
  retention: z.enum(['limits', 'interest', 'workqueue']),
  subjects: z.int(),
  deduplicationWindowSeconds: z.number(),
  timeoutSeconds: z.number(),
});
type Stream = z.infer<typeof streamSchema>;

const storages = { file: StorageType.File, memory: StorageType.Memory } as const;
const retentions = {
  limits: RetentionPolicy.Limits,
  interest: RetentionPolicy.Interest,
  workqueue: RetentionPolicy.Workqueue,
} as const;

async function createStream(stream: Stream): Promise<void> {
  const connection = await connect({ servers: stream.servers, name: 'comparator-terraform' });
  try {
    // The servers of a new cluster refuse it until they have chosen a leader.
    const manager = await untilNoError(() => jetstreamManager(connection, { timeout: 2_000 }));
    const config: Partial<StreamConfig> & { name: string } = {
      name: stream.name,
      subjects: Array.from({ length: stream.subjects }, (_, number) => `${stream.name}.${number}`),
      num_replicas: stream.replicas,
      storage: storages[stream.storage],
      retention: retentions[stream.retention],
    };
    if (stream.deduplicationWindowSeconds > 0) {
      config.duplicate_window = nanos(stream.deduplicationWindowSeconds * 1_000);
    }
    await untilNoError(() => manager.streams.add(config));
    while (!isReady(await untilNoError(() => manager.streams.info(stream.name)), stream.replicas)) {
      await delay(100);
    }
  } finally {
    await connection.close();
  }
}

/** Whether the stream has a leader that sees all its followers up to date. A lone server shows no cluster at all. */
function isReady({ cluster }: StreamInfo, replicas: number): boolean {
  if (replicas === 1) return true;
  const current = cluster?.replicas?.filter((replica) => replica.current && !replica.offline) ?? [];
  return Boolean(cluster?.leader) && current.length === replicas - 1;
}

let lastProblem = '';

async function untilNoError<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      lastProblem = error instanceof Error ? error.message : String(error);
      await delay(100);
    }
  }
}

const stream = streamSchema.parse(JSON.parse(process.env.COMPARATOR_STREAM ?? 'null'));
setTimeout(() => {
  const why = lastProblem ? `; the last refusal was: ${lastProblem}` : '';
  console.error(`the stream was not ready within ${stream.timeoutSeconds} s${why}`);
  process.exit(1);
}, stream.timeoutSeconds * 1_000).unref();
createStream(stream).then(
  () => process.exit(0),
  (error) => {
    console.error(`the stream cannot be created: ${error instanceof Error ? error.message : error}`);
    process.exit(1);
  },
);
