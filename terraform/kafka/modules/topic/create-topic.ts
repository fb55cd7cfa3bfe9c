/**
 * Creates the topic that COMPARATOR_TOPIC describes and waits until every partition has a leader.
 * The single argument, the topic's name, is for process listings only.
 */
import kafkajs from 'kafkajs';
import { z } from 'zod';

const topicSchema = z.strictObject({
  bootstrapServers: z.array(z.string()).min(1),
  name: z.string(),
  partitions: z.int(),
  replicationFactor: z.int(),
  timeoutSeconds: z.number(),
});

async function createTopic(topic: z.infer<typeof topicSchema>): Promise<void> {
  const client = new kafkajs.Kafka({
    clientId: 'comparator-terraform',
    brokers: topic.bootstrapServers,
    logLevel: kafkajs.logLevel.ERROR,
    retry: { initialRetryTime: 50, multiplier: 1.3, retries: 20, maxRetryTime: 1_000 },
  });
  const admin = client.admin();
  await admin.connect();
  try {
    await admin.createTopics({
      timeout: topic.timeoutSeconds * 1_000,
      waitForLeaders: true,
      topics: [
        { topic: topic.name, numPartitions: topic.partitions, replicationFactor: topic.replicationFactor },
      ],
    });
  } finally {
    await admin.disconnect();
  }
}

const topic = topicSchema.parse(JSON.parse(process.env.COMPARATOR_TOPIC ?? 'null'));
setTimeout(() => {
  console.error(`the topic was not ready within ${topic.timeoutSeconds} s`);
  process.exit(1);
}, topic.timeoutSeconds * 1_000).unref();
createTopic(topic).then(
  () => process.exit(0),
  (error) => {
    console.error(`the topic cannot be created: ${error instanceof Error ? error.message : error}`);
    process.exit(1);
  },
);
