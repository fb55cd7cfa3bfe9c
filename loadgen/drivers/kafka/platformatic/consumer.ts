import { Consumer } from '@platformatic/kafka';
import { monotonicMicros } from '../../../measure/clock.ts';
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
  let mine: ReadonlySet<number> = new Set();
  consumer.on('consumer:group:join', ({ assignments }) => {
    mine = new Set(assignments?.find((assignment) => assignment.topic === topic)?.partitions);
    context.assigned([...mine], partitions);
  });
  const stream = await consumer.consume({
    topics: [topic],
    mode: 'committed',
    fallbackMode: 'earliest',
    autocommit: commitIntervalMs,
  });
  stream.on('data', ({ partition, value }) => {
    // The library hands over what a fetch from before a rebalance brings; the partition's new owner reads it as well.
    if (mine.has(partition)) context.receive(partition, value, monotonicMicros());
  });
  stream.on('error', (error) => context.broken(error));
  return { close: () => consumer.close(true) };
}
