import {
  AckPolicy,
  type Consumer,
  type ConsumerMessages,
  DeliverPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JsMsg,
  jetstream,
  jetstreamManager,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { monotonicMicros } from '../../measure/clock.ts';
import type { DriverConsumer } from '../driver.ts';
import { connectNats, type NatsConsumerContext, subjectOf } from './client.ts';

/** Most messages that a consumer asks for at a time; the library's default of 100 is for slow work. */
const prefetchMessages = 1_000;

/** How often in a row a stream or consumer may be missing before it is gone for good: asking goes on every second. */
const mostMissing = 5;

/**
 * Reads every k-th subject of the stream, k being the number of consumers, with a JetStream consumer of its own, so that
 * each subject is read in order; resolves once the server delivers to it.
 */
export async function createNatsConsumer(context: NatsConsumerContext): Promise<DriverConsumer> {
  const { settings, endpoint, index, count } = context;
  const connection = await connectNats(context, 'consumer');
  const partitions = Array.from({ length: settings.subjects }, (_, number) => number);
  const mine = partitions.filter((number) => number % count === index);
  if (mine.length > 0) {
    const partitionOf = new Map(mine.map((number) => [subjectOf(endpoint, number), number]));
    const consumer = await prepareConsumer(connection, context, [...partitionOf.keys()]);
    const acknowledges = settings.consumer === 'pull';
    const watched = { missing: 0 };
    const messages = await consumer.consume({
      max_messages: prefetchMessages,
      callback: (message: JsMsg) => {
        const { data } = message;
        const value = Buffer.from(data.buffer, data.byteOffset, data.length);
        context.receive(partitionOf.get(message.subject) ?? -1, value, monotonicMicros());
        if (acknowledges) message.ack();
        watched.missing = 0;
      },
    });
    void watch(messages, watched, context);
  }
  context.assigned(mine, settings.subjects);
  return { close: () => connection.close() };
}

async function prepareConsumer(
  connection: NatsConnection,
  { settings, endpoint, index }: NatsConsumerContext,
  subjects: string[],
): Promise<Consumer> {
  const { consumers } = jetstream(connection);
  const { stream } = endpoint;
  if (settings.consumer === 'ordered') {
    return consumers.get(stream, { filter_subjects: subjects, deliver_policy: DeliverPolicy.All });
  }
  const manager = await jetstreamManager(connection);
  // One that an earlier session left would hold back what it had not acknowledged; and a work queue allows no second.
  const name = `consumer-${index}`;
  try {
    await manager.consumers.delete(stream, name);
  } catch (error) {
    const absent = error instanceof JetStreamApiError && error.code === JetStreamApiCodes.ConsumerNotFound;
    if (!absent) throw error;
  }
  await manager.consumers.add(stream, {
    durable_name: name,
    filter_subjects: subjects,
    deliver_policy: DeliverPolicy.All,
    ack_policy: AckPolicy.Explicit,
    max_ack_pending: settings.maxAckPending,
  });
  return consumers.get(stream, name);
}

/** Says so when there is nothing left to read from. */
async function watch(
  messages: ConsumerMessages,
  watched: { missing: number },
  { broken, log }: NatsConsumerContext,
): Promise<void> {
  for await (const event of messages.status()) {
    switch (event.type) {
      case 'consumer_deleted':
        broken(new Error('the consumer was deleted'));
        break;
      case 'consumer_not_found':
      case 'stream_not_found':
        if (++watched.missing === mostMissing) broken(new Error(`the ${event.type.split('_')[0]} is gone`));
        break;
      case 'heartbeats_missed':
      case 'exceeded_limits':
        log('warn', `nats: ${event.type}`, { ...event });
        break;
    }
  }
}
