import { Consumer } from '@platformatic/kafka';
import { arrivalClock } from '../../arrival.ts';
import type { DriverConsumer } from '../../driver.ts';
import {
  commitIntervalMs,
  fetchMaxWaitMs,
  groupHeartbeatMs,
  groupSessionTimeoutMs,
  type KafkaConsumerContext,
} from '../kafka-client.ts';
import { connectionOptions, leadersOf } from './connection.ts';

/** A @platformatic/kafka consumer in the session's group; resolves once it has joined and fetches. */
export async function createPlatformaticConsumer(context: KafkaConsumerContext): Promise<DriverConsumer> {
  const { topic } = context.endpoint;
  const consumer = new Consumer<Buffer, Buffer, Buffer, Buffer>({
    ...connectionOptions(context, 'consumer'),
    groupId: context.sessionName,
    heartbeatInterval: groupHeartbeatMs(context.count),
    sessionTimeout: groupSessionTimeoutMs,
    rebalanceTimeout: groupSessionTimeoutMs,
    minBytes: 1,
    maxWaitTime: fetchMaxWaitMs,
    retries: true,
    retryDelay: 100,
  });
  const { length: partitions } = leadersOf(await consumer.metadata({ topics: [topic] }), topic);
  consumer.on('consumer:group:join', ({ assignments }) => {
    const own = assignments?.find((assignment) => assignment.topic === topic);
    context.assigned(own?.partitions ?? [], partitions);
  });
  const stream = await consumer.consume({
    topics: [topic],
    mode: 'committed',
    fallbackMode: 'earliest',
    autocommit: commitIntervalMs,
  });
  const arrivedMicros = arrivalClock();
  // The library hands over what a fetch from before a rebalance brings, also of partitions that the consumer has lost,
  // whose new owner reads it as well. An application would have it twice, so it counts twice.
  stream.on('data', ({ partition, value }) => context.receive(partition, value, arrivedMicros()));
  stream.on('error', (error) => context.broken(error));
  return { close: () => consumer.close(true) };
}
