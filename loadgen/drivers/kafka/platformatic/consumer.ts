import { Consumer, type ConsumerOptions } from '@platformatic/kafka';
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

type OpenConsumer = (options: ConsumerOptions<Buffer, Buffer, Buffer, Buffer>) => Consumer;

/** A @platformatic/kafka consumer in the session's group; resolves once it has joined and fetches. */
export async function createPlatformaticConsumer(
  context: KafkaConsumerContext,
  openConsumer: OpenConsumer = (options) => new Consumer(options),
): Promise<DriverConsumer> {
  const { topic } = context.endpoint;
  const consumer = openConsumer({
    ...connectionOptions(context, 'consumer'),
    groupId: context.groupId,
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
  const arrivedMicros = arrivalClock();
  let closed = false;
  const consume = async () => {
    const stream = await consumer.consume({
      topics: [topic],
      mode: 'committed',
      fallbackMode: 'earliest',
      autocommit: commitIntervalMs,
    });
    // The library hands over what a fetch from before a rebalance brings, also of partitions that the consumer has lost,
    // whose new owner reads it as well. An application would have it twice, so it counts twice.
    stream.on('data', ({ partition, value }) => context.receive(partition, value, arrivedMicros()));
    stream.on('error', (error) => {
      if (closed || !isOfBrokerThatLeft(error)) return context.broken(error);
      context.log('warn', 'a broker left; what was not committed is read again', { reason: error.message });
      consume().catch((reason: Error) => {
        if (!closed) context.broken(reason);
      });
    });
  };
  await consume();
  return {
    close: () => {
      closed = true;
      return consumer.close(true);
    },
  };
}

/**
 * Whether a fetch failed since its broker is no longer one of the cluster. The library asks a broker that died until the
 * others no longer name it, then gives its stream up, unless one broker alone leads all that the request was for.
 */
function isOfBrokerThatLeft(error: Error): boolean {
  if (error instanceof AggregateError) return error.errors.some(isOfBrokerThatLeft);
  return error.message.startsWith('Cannot find broker with node id');
}
