import { monotonicMicros } from '../../../measure/clock.ts';
import type { DriverConsumer } from '../../driver.ts';
import {
  commitIntervalMs,
  fetchMaxWaitMs,
  groupHeartbeatMs,
  groupSessionTimeoutMs,
  type KafkaConsumerContext,
} from '../kafka-client.ts';
import { codecsToRead, registerCodec } from './compression.ts';
import { connectKafkajs, groupCoordinator, topicLeaders } from './connection.ts';

/** A kafkajs consumer in the session's group; resolves once it has joined. */
export async function createKafkajsConsumer(context: KafkaConsumerContext): Promise<DriverConsumer> {
  const { settings, endpoint, groupId } = context;
  const { topic } = endpoint;
  await Promise.all(codecsToRead(settings).map(registerCodec));
  const kafka = connectKafkajs(context, 'consumer');
  const consumer = kafka.consumer({
    groupId,
    allowAutoTopicCreation: false,
    heartbeatInterval: groupHeartbeatMs(context.count),
    sessionTimeout: groupSessionTimeoutMs,
    rebalanceTimeout: groupSessionTimeoutMs,
    maxWaitTimeInMs: fetchMaxWaitMs,
    minBytes: 1,
  });
  const [{ length: partitions }] = await Promise.all([
    topicLeaders(kafka, topic),
    consumer.connect(),
    groupCoordinator(kafka, groupId),
  ]);
  consumer.on('consumer.crash', ({ payload }) => {
    if (!payload.restart) context.broken(payload.error);
  });
  const joined = new Promise<void>((resolve) => {
    consumer.on('consumer.group_join', ({ payload }) => {
      context.assigned(payload.memberAssignment[topic] ?? [], partitions);
      resolve();
    });
  });
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommitInterval: commitIntervalMs,
    eachBatch: async ({ batch: { partition, messages } }) => {
      const now = monotonicMicros();
      for (const { value } of messages) if (value) context.receive(partition, value, now);
    },
  });
  await joined;
  return { close: () => consumer.disconnect() };
}
