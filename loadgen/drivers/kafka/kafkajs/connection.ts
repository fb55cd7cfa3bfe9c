import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { CompressionTypes, Kafka, logLevel } from 'kafkajs';
import { kafkajsAccess } from '../../../../src/machine/clusters/kafkajs-access.ts';
import type { KafkaSettings } from '../../../../src/technologies/kafka/settings.ts';
import type { KafkaConsumerContext, KafkaProducerContext } from '../kafka-client.ts';

export const compressionTypes: Record<KafkaSettings['compression'], CompressionTypes> = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
};

/**
 * A kafkajs client whose log lines are ours, and whose sockets do not hold back small requests.
 * @param onProduce called whenever a produce request is written
 */
export function connectKafkajs(
  context: KafkaProducerContext | KafkaConsumerContext,
  role: string,
  onProduce: (() => void) | null = null,
): Kafka {
  return new Kafka({
    clientId: `${context.sessionName}-${role}-${context.index}`,
    ...kafkajsAccess(context.access),
    connectionTimeout: 5_000,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 10 },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => {
      const { message, ...extra } = entry.log;
      const details = Object.fromEntries(['broker', 'error', 'groupId'].map((name) => [name, extra[name]]));
      context.log('warn', `kafkajs: ${message}`, { namespace: entry.namespace, ...details });
    },
    socketFactory: ({ host, port, ssl, onConnect }) => {
      const options = { host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 };
      const socket = ssl
        ? connectTls({ ...options, ...(isIP(host) ? {} : { servername: host }), ...ssl })
        : connect(options);
      if (onProduce) watchProduce(socket, onProduce);
      return socket.on(ssl ? 'secureConnect' : 'connect', onConnect);
    },
  });
}

/** Where a request's API key lies, behind its length; Produce is 0. */
const apiKeyOffset = 4;

/** kafkajs writes each request as a whole, and says to nobody which were written. */
function watchProduce(socket: Socket, onProduce: () => void): void {
  const write = socket.write.bind(socket) as (...written: unknown[]) => boolean;
  socket.write = (...written: unknown[]) => {
    const [request] = written;
    if (Buffer.isBuffer(request) && request.readInt16BE(apiKeyOffset) === 0) onProduce();
    return write(...written);
  };
}

/** The partitions of the topic: the node that leads each, by the partition's number. */
export async function topicLeaders(kafka: Kafka, topic: string): Promise<number[]> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const leaders: number[] = [];
    for (const { partitionId, leader } of topics[0]?.partitions ?? []) leaders[partitionId] = leader;
    if (leaders.length === 0) throw new Error(`topic ${topic} has no partitions`);
    return leaders;
  } finally {
    await admin.disconnect();
  }
}
