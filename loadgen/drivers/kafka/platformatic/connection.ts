import type { BaseOptions, ClusterMetadata } from '@platformatic/kafka';
import { platformaticAccess } from '../../../../src/machine/clusters/platformatic-access.ts';
import type { KafkaConsumerContext, KafkaProducerContext } from '../kafka-client.ts';

export function connectionOptions(
  context: KafkaProducerContext | KafkaConsumerContext,
  role: string,
): BaseOptions {
  return {
    clientId: `${context.sessionName}-${role}-${context.index}`,
    bootstrapBrokers: context.access.bootstrapServers,
    ...platformaticAccess(context.access),
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
