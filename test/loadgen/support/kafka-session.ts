import { type Admin, Kafka, logLevel } from 'kafkajs';
import type { Session } from '../../../loadgen/session/session.ts';
import type { Workload } from '../../../src/contracts/input/workload.ts';
import type { kafkaClients } from '../../support/kafka-clients.ts';
import { until } from '../../support/until.ts';
import { sessionOf } from './session-of.ts';

export type KafkaClientName = (typeof kafkaClients)[number];

/** Makes topics and waits until every broker knows the leaders of their partitions. */
export async function createTopics(
  bootstrapServers: string[],
  names: string[],
  { partitions = 4, replicationFactor = 1 } = {},
): Promise<void> {
  const admin = new Kafka({ brokers: bootstrapServers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const topics = names.map((topic) => ({ topic, numPartitions: partitions, replicationFactor }));
    await admin.createTopics({ topics, waitForLeaders: false });
    for (const topic of names) await until(`leaders of ${topic}`, () => hasLeaders(admin, topic));
  } finally {
    await admin.disconnect();
  }
}

/** kafkajs's own waiting gives up when a broker does not know the topic yet. */
async function hasLeaders(admin: Admin, topic: string): Promise<boolean> {
  try {
    // Leaders are named before they know that they are.
    return (await admin.fetchTopicOffsets(topic)).length > 0;
  } catch {
    return false;
  }
}

/** A session of one load generator with every producer and consumer of the workload; with `consume` false, producers only. */
export function kafkaSession(options: {
  bootstrapServers: string[];
  topic: string;
  settings: object;
  workload: Workload;
  consume?: boolean;
}): Session {
  const { bootstrapServers, topic, ...rest } = options;
  return sessionOf({
    technology: 'kafka',
    experimentId: topic,
    endpoint: { bootstrapServers, topic },
    ...rest,
  });
}
