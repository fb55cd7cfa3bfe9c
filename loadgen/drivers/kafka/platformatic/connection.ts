import { isIP } from 'node:net';
import type { BaseOptions, ClusterMetadata } from '@platformatic/kafka';
import type { KafkaConsumerContext, KafkaProducerContext } from '../kafka-client.ts';

export function connectionOptions(
  context: KafkaProducerContext | KafkaConsumerContext,
  role: string,
): BaseOptions {
  const { bootstrapServers, tls, sasl } = context.access;
  return {
    clientId: `${context.sessionName}-${role}-${context.index}`,
    bootstrapBrokers: bootstrapServers,
    ...(tls && { tls, tlsServerName: !bootstrapServers.some((server) => isIP(server.split(':')[0] ?? '')) }),
    ...(sasl && { sasl }),
    connectTimeout: 5_000,
    // Of a produce request at the broker, as with the other clients; the library's own 5 s is unusually short.
    timeout: 30_000,
  };
}

/** The node that leads each partition, by the partition's number. */
export function leadersOf(metadata: ClusterMetadata, topic: string): number[] {
  const leaders = metadata.topics.get(topic)?.partitions.map(({ leader }) => leader) ?? [];
  if (leaders.length === 0) throw new Error(`topic ${topic} has no partitions`);
  return leaders;
}
