import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { NatsEndpoint, NatsSettings } from '../../../src/technologies/nats.ts';
import type { ConsumerContext, Log, ProducerContext } from '../driver.ts';

export type NatsProducerContext = ProducerContext<NatsSettings, NatsEndpoint>;
export type NatsConsumerContext = ConsumerContext<NatsSettings, NatsEndpoint>;

/**
 * Connects to any of the servers; the client goes from one to another, and never gives up on them.
 * @throws when none of them can be reached to begin with
 */
export async function connectNats(
  { endpoint, sessionName, index, log }: NatsProducerContext | NatsConsumerContext,
  role: string,
): Promise<NatsConnection> {
  const connection = await connect({
    servers: endpoint.servers,
    name: `${sessionName}-${role}-${index}`,
    timeout: 5_000,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 100,
    reconnectJitter: 50,
    noAsyncTraces: true,
  }).catch((error: Error) => {
    throw new Error(`no NATS server can be reached at ${endpoint.servers.join(', ')}: ${error.message}`, {
      cause: error,
    });
  });
  void logStatus(connection, log);
  return connection;
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

/** The subject of a partition. */
export function subjectOf({ subjectPrefix }: NatsEndpoint, partition: number): string {
  return `${subjectPrefix}.${partition}`;
}
