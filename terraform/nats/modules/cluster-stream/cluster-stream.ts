/**
 * Makes or deletes a stream of ours on NATS servers that are not. COMPARATOR_CLUSTER_STREAM describes it; where the servers
 * are, and who one is there, the file says that COMPARATOR_CLUSTERS names. A second argument, the stream's name, is for
 * process listings only.
 *
 * `create` leaves an empty stream that has a leader; `delete` leaves neither the stream nor a consumer of it, and ends well
 * only once the servers say so.
 */
import { setTimeout as delay } from 'node:timers/promises';
import {
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
} from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { z } from 'zod';
import { runClusterProgram } from '../../../../src/machine/clusters/cluster-program.ts';
import { natsAccess, natsProblem } from '../../../../src/machine/clusters/nats-access.ts';
import { addStream, isReady, natsStreamSchema } from '../../../../src/machine/clusters/nats-stream.ts';

const streamSchema = z.strictObject({
  ...natsStreamSchema.partial().shape,
  name: z.string().regex(/^cmp-[a-z0-9]+-[a-z0-9][a-z0-9-]{2,35}$/, 'is no name of a stream of ours'),
  clusters: z.array(z.string()).min(1),
  /** Goes on where one of the clusters cannot be asked. */
  whereItCan: z.boolean().default(false),
});

const timeoutMs = 60_000;
const pauseMs = 250;

async function create(manager: JetStreamManager, described: z.infer<typeof streamSchema>): Promise<void> {
  const stream = natsStreamSchema.parse(described);
  await remove(manager, stream.name);
  await addStream(manager, stream);
  while (!isReady(await manager.streams.info(stream.name), stream.replicas)) {
    lastProblem = 'not all replicas of the stream are up to date';
    await delay(pauseMs);
  }
}

async function remove(manager: JetStreamManager, name: string): Promise<void> {
  try {
    await manager.streams.delete(name);
  } catch (error) {
    if (!(error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound)) throw error;
  }
}

async function onCluster(cluster: string, work: (manager: JetStreamManager) => Promise<void>): Promise<void> {
  try {
    const connection = await connect({
      ...natsAccess(process.env.COMPARATOR_CLUSTERS || null, cluster),
      name: 'comparator-terraform',
      timeout: 10_000,
      reconnect: false,
    });
    try {
      await work(await jetstreamManager(connection, { timeout: 10_000 }));
    } finally {
      await connection.close();
    }
  } catch (error) {
    // What JetStream answers is about the stream: too few servers, other streams' subjects, an account's limits.
    const why = error instanceof JetStreamApiError ? error.message : natsProblem(error).message;
    throw new Error(`on the cluster ${cluster}: ${why}`);
  }
}

let lastProblem = '';
runClusterProgram({
  what: 'stream',
  timeoutMs,
  read: () => streamSchema.parse(JSON.parse(process.env.COMPARATOR_CLUSTER_STREAM ?? 'null')),
  create: (cluster, stream) => onCluster(cluster, (manager) => create(manager, stream)),
  remove: (cluster, { name }) => onCluster(cluster, (manager) => remove(manager, name)),
  lastProblem: () => lastProblem,
});
