import { Kafka, logLevel } from 'kafkajs';
import type { Session } from '../../../loadgen/session/session.ts';
import type { Workload } from '../../../src/contracts/experiment.ts';
import { kafkaSettingsSchema } from '../../../src/technologies/kafka.ts';
import { sessionOf } from './session-of.ts';

/** Every client library by which a session can speak to Kafka. */
export const kafkaClients = kafkaSettingsSchema.shape.producerClient.unwrap().options;
export type KafkaClientName = (typeof kafkaClients)[number];

/** Makes topics of four partitions. */
export async function createTopics(bootstrapServers: string[], ...names: string[]): Promise<void> {
  const admin = new Kafka({ brokers: bootstrapServers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const topics = names.map((topic) => ({ topic, numPartitions: 4 }));
  await admin.createTopics({ topics, waitForLeaders: true });
  await admin.disconnect();
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
