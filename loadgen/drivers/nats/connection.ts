import { jetstreamManager } from '@nats-io/jetstream';
import { type ConnectionOptions, connect, type NatsConnection } from '@nats-io/transport-node';
import { clustersFile } from '../../../src/config.ts';
import type { NatsEndpoint, NatsSettings } from '../../../src/technologies/nats/settings.ts';
import type { ConsumerContext, DriverContext, Log, ProducerContext } from '../driver.ts';

export type NatsProducerContext = ProducerContext<NatsSettings, NatsEndpoint>;
export type NatsConsumerContext = ConsumerContext<NatsSettings, NatsEndpoint>;

/**
 * Connects to any of the servers; the client goes from one to another, and never gives up on them. Those of the user's own
 * are looked up here, in the process that connects: no message, no state and no log has more than their name. So are those
 * that are tasks on AWS, which have told where they are.
 * @throws when none of them can be reached to begin with, or they do not let us in
 */
export async function connectNats(
  { endpoint, settings, sessionName, index, log }: DriverContext<NatsSettings, NatsEndpoint>,
  role: string,
): Promise<NatsConnection> {
  const options = {
    name: `${sessionName}-${role}-${index}`,
    timeout: 5_000,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 100,
    reconnectJitter: 50,
    noAsyncTraces: true,
  };
  const connection = await connectTo(endpoint, settings, options);
  void logStatus(connection, log);
  return connection;
}

async function connectTo(
  endpoint: NatsEndpoint,
  settings: NatsSettings,
  options: ConnectionOptions,
): Promise<NatsConnection> {
  if ('cluster' in endpoint) return await connectCluster(endpoint.cluster, options);
  if ('serverTasks' in endpoint) {
    const { connectTasks } = await import('./server-tasks.ts');
    return await connectTasks(endpoint, settings, options);
  }
  const { servers } = endpoint;
  return await connect({ servers, ...options }).catch((error: Error) => {
    throw new Error(`no NATS server can be reached at ${servers.join(', ')}: ${error.message}`, {
      cause: error,
    });
  });
}

async function connectCluster(cluster: string, options: ConnectionOptions): Promise<NatsConnection> {
  const { natsAccess, natsProblem } = await import('../../../src/machine/clusters/nats-access.ts');
  const access = natsAccess(clustersFile(), cluster);
  return await connect({ ...access, ...options }).catch((error: Error) => {
    throw new Error(`the cluster ${cluster} cannot be used: ${natsProblem(error).message}`, { cause: error });
  });
}

async function logStatus(connection: NatsConnection, log: Log): Promise<void> {
  for await (const status of connection.status()) {
    if (['disconnect', 'reconnect', 'error', 'slowConsumer', 'staleConnection'].includes(status.type)) {
      const { type, ...details } = status;
      const reason = 'error' in details ? String(details.error) : undefined;
      log('warn', `nats: ${type}`, { server: 'server' in details ? details.server : undefined, reason });
    }
  }
}

/**
 * Deletes every message of the stream.
 * @throws what the servers answered
 */
export async function emptyStream(context: DriverContext<NatsSettings, NatsEndpoint>): Promise<void> {
  const connection = await connectNats(context, 'manager');
  try {
    const { streams } = await jetstreamManager(connection);
    await streams.purge(context.endpoint.stream);
  } finally {
    await connection.close();
  }
}

/** The subject of a partition. */
export function subjectOf({ subjectPrefix }: Pick<NatsEndpoint, 'subjectPrefix'>, partition: number): string {
  return `${subjectPrefix}.${partition}`;
}
