import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { ClusterError } from '../../../../src/machine/clusters/cluster-files.ts';
import { type NatsAccess, natsAccess, natsProblem } from '../../../../src/machine/clusters/nats-access.ts';
import { type ClusterQuestion, existingPlacement, type Listing } from './existing-placement.ts';

const timeoutMs = 10_000;

async function list({ file, cluster }: ClusterQuestion): Promise<Listing> {
  let access: NatsAccess;
  try {
    access = natsAccess(file, cluster);
  } catch (error) {
    if (error instanceof ClusterError) return { problem: error.message, passing: false };
    throw error;
  }
  try {
    const connection = await connect({ ...access, name: 'comparator', timeout: timeoutMs, reconnect: false });
    try {
      const manager = await jetstreamManager(connection, { timeout: timeoutMs });
      const found: Extract<Listing, { found: unknown }>['found'] = [];
      for await (const name of manager.streams.names()) found.push({ kind: 'stream', name });
      return { found };
    } finally {
      await connection.close();
    }
  } catch (error) {
    const { message, passing } = natsProblem(error);
    return { problem: message, passing };
  }
}

/** A stream of ours on NATS servers of the user's; its consumers go with it. */
export const natsExisting = existingPlacement({
  technology: 'nats',
  cleanupAddress: 'module.cluster_stream.terraform_data.cleanup',
  variable: 'COMPARATOR_CLUSTER_STREAM',
  made: { kind: 'stream', words: 'JetStream stream' },
  list,
  product: () => ({ name: 'NATS Server', version: null }),
});
