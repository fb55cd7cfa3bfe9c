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
import { errors, type NatsConnection, nanos } from '@nats-io/transport-node';
import type { NatsSettings } from '../../../src/technologies/nats/settings.ts';
import { arrivalClock } from '../arrival.ts';
import type { DriverConsumer } from '../driver.ts';
import { shareOf } from '../share.ts';
import { connectNats, type NatsConsumerContext, subjectOf } from './connection.ts';

/** Messages that a consumer asks for at a time: the library's default is the least, meant for slow work. */
const prefetchMessages = { least: 100, most: 10_000 };

/**
 * How long the server may hold a request for messages, and how often it shows that it does. Two of these missed, and the
 * library looks whether the consumer is still there and asks anew; by its defaults that takes most of a minute, longer
 * than a load drains.
 */
const requestMs = 2_000;
const heartbeatMs = 1_000;

/** How long the server waits for an acknowledgement before it delivers again; less than a load drains by default. */
const acknowledgeWithinMs = 10_000;

/** How often servers are asked to make a consumer; the library waits for 5 s each time. */
const mostAsked = 6;

/** How often in a row the stream or the consumer may be missing, looked for every few seconds, before it is gone for good. */
const mostMissing = 5;

/**
 * Reads every k-th subject of the stream, k being the number of consumers, with a JetStream consumer of its own, so that
 * each subject is read in order; resolves once the server delivers to it.
 */
export async function createNatsConsumer(context: NatsConsumerContext): Promise<DriverConsumer> {
  const { settings, endpoint } = context;
  const connection = await connectNats(context, 'consumer');
  const partitions = shareOf(settings.subjects, context);
  const watched: Watched = { missing: 0, closing: false };
  try {
    if (partitions.length > 0) {
      const partitionOf = new Map(partitions.map((number) => [subjectOf(endpoint, number), number]));
      const consumer = await answered(() => prepareConsumer(connection, context, [...partitionOf.keys()]));
      const arrivedMicros = arrivalClock();
      const acknowledges = settings.consumer === 'pull';
      const messages = await consumer.consume({
        max_messages: prefetchOf(settings),
        expires: requestMs,
        idle_heartbeat: heartbeatMs,
        callback: (message: JsMsg) => {
          const { data } = message;
          const value = Buffer.from(data.buffer, data.byteOffset, data.length);
          context.receive(partitionOf.get(message.subject) ?? -1, value, arrivedMicros());
          if (acknowledges) message.ack();
          watched.missing = 0;
        },
      });
      void watch(messages, watched, context);
    }
  } catch (error) {
    await connection.close();
    throw error;
  }
  context.assigned(partitions, settings.subjects);
  return {
    close() {
      watched.closing = true;
      return connection.close();
    },
  };
}

/** No more than may wait for their acknowledgement. */
function prefetchOf({ consumer, maxAckPending }: NatsSettings): number {
  const { least, most } = prefetchMessages;
  return consumer === 'ordered' ? most : Math.min(most, Math.max(least, maxAckPending));
}

interface Watched {
  missing: number;
  closing: boolean;
}

/**
 * Asks servers again for what they did not answer: while those that replicate elect a leader, as after the crash of one, a
 * request comes to nothing.
 * @param ask may have been obeyed though it was not answered
 * @throws Error when they answered none of several; what they answered, if that is an error
 */
async function answered<T>(ask: () => Promise<T>): Promise<T> {
  for (let asked = 1; ; asked++) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof errors.TimeoutError)) throw error;
      if (asked === mostAsked)
        throw new Error(`the servers made no consumer, asked ${asked} times: ${error.message}`, {
          cause: error,
        });
    }
  }
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
    ack_wait: nanos(acknowledgeWithinMs),
    max_ack_pending: settings.maxAckPending,
  });
  return consumers.get(stream, name);
}

/** Says so when there is nothing left to read from, or the library has stopped reading. */
async function watch(
  messages: ConsumerMessages,
  watched: Watched,
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
  const error = await messages.closed();
  if (!watched.closing) broken(error ?? new Error('the client stopped reading'));
}
