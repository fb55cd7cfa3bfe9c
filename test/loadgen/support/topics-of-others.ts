import { type Admin, ConfigResourceTypes, Kafka, logLevel } from 'kafkajs';
import { createTopics } from './kafka-session.ts';

/** Topics in a cluster that are none of ours, each with a message in it; to be closed. */
export interface TopicsOfOthers {
  client: Kafka;
  admin: Admin;
  /** Their offsets and configuration. */
  look(): Promise<unknown>;
}

export async function topicsOfOthers(bootstrapServers: string[], names: string[]): Promise<TopicsOfOthers> {
  const client = new Kafka({ brokers: bootstrapServers, logLevel: logLevel.NOTHING });
  const admin = client.admin();
  await admin.connect();
  await createTopics(bootstrapServers, names, { partitions: 2 });
  const producer = client.producer();
  await producer.connect();
  for (const topic of names) await producer.send({ topic, messages: [{ key: 'k', value: 'theirs' }] });
  await producer.disconnect();
  return {
    client,
    admin,
    async look() {
      const offsets = await Promise.all(names.map((topic) => admin.fetchTopicOffsets(topic)));
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: names.map((name) => ({ type: ConfigResourceTypes.TOPIC, name })),
      });
      return { offsets, configs: resources.map(({ configEntries }) => configEntries) };
    },
  };
}
