import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Admin, CompressionTypes, Kafka, logLevel } from 'kafkajs';
import { kafkajsAccess } from '../../../../src/machine/clusters/kafkajs-access.ts';
import type { KafkaSettings } from '../../../../src/technologies/kafka/settings.ts';
import { monotonicMicros } from '../../../measure/clock.ts';
import type { KafkaConsumerContext } from '../kafka-client.ts';

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
  context: Pick<KafkaConsumerContext, 'access' | 'sessionName' | 'index' | 'log'>,
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
  return await withAdmin(kafka, async (admin) => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const leaders: number[] = [];
    for (const { partitionId, leader } of topics[0]?.partitions ?? []) leaders[partitionId] = leader;
    if (leaders.length === 0) throw new Error(`topic ${topic} has no partitions`);
    return leaders;
  });
}

/**
 * Resolves once the broker has a coordinator for a group. A new broker first makes its topic of offsets, which takes a
 * busy machine longer than kafkajs waits before it gives a consumer up for good.
 * @throws the library's error where there is none after `timeoutMs`
 */
export async function groupCoordinator(kafka: Kafka, groupId: string, timeoutMs = 60_000): Promise<void> {
  const until = monotonicMicros() + timeoutMs * 1_000;
  await withAdmin(kafka, async (admin) => {
    for (;;) {
      try {
        await admin.describeGroups([groupId]);
        return;
      } catch (error) {
        const isMissing = (error as Error).name === 'KafkaJSGroupCoordinatorNotFound';
        if (!isMissing || monotonicMicros() >= until) throw error;
      }
    }
  });
}

/** As the protocol says "up to the newest message". */
const newest = '-1';

/**
 * Deletes every message of the topic, whatever the client that wrote it.
 * @throws the library's error, such as that the brokers do not allow it
 */
export async function emptyTopic(
  context: Pick<KafkaConsumerContext, 'access' | 'sessionName' | 'index' | 'log' | 'endpoint'>,
): Promise<void> {
  const { topic } = context.endpoint;
  await withAdmin(connectKafkajs(context, 'admin'), async (admin) => {
    // It also tells the library about the topic, which finds no leaders without it.
    const offsets = await admin.fetchTopicOffsets(topic);
    const partitions = offsets.map(({ partition }) => ({ partition, offset: newest }));
    await admin.deleteTopicRecords({ topic, partitions });
  });
}

async function withAdmin<T>(kafka: Kafka, use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}
