import { setImmediate as nextTurn } from 'node:timers/promises';
import { type KafkaJSError, type KafkaJSProtocolError, Partitioners } from 'kafkajs';
import type { DriverProducer } from '../../driver.ts';
import type { AttemptResult } from '../../sender/attempts.ts';
import { Accumulator, type Batch } from '../accumulator.ts';
import { createDelivery } from '../delivery.ts';
import { type KafkaProducerContext, maxInFlightRequests, protocolAcks } from '../kafka-client.ts';
import { resultOfProtocolError } from '../protocol-errors.ts';
import { registerCodec } from './compression.ts';
import { compressionTypes, connectKafkajs, topicLeaders } from './connection.ts';

/** A kafkajs producer. kafkajs sends what it is given at once, so batches are made above it, by the accumulator. */
export async function createKafkajsProducer(context: KafkaProducerContext): Promise<DriverProducer> {
  const { settings, endpoint } = context;
  const { topic } = endpoint;
  await registerCodec(settings.compression);
  const kafka = connectKafkajs(context, 'producer');
  const producer = kafka.producer({
    // The accumulator has chosen the partition already.
    createPartitioner:
      () =>
      ({ message }) =>
        message.partition ?? 0,
    allowAutoTopicCreation: false,
    idempotent: settings.idempotence,
    // The delivery retries, seeing every attempt. An idempotent producer insists on retrying by itself, and safely can.
    retry: settings.idempotence ? { retries: Number.MAX_SAFE_INTEGER } : { retries: 0 },
  });
  await producer.connect();
  const leaders = await topicLeaders(kafka, topic);
  const partitionMetadata = leaders.map((leader, partitionId) => ({ partitionId, leader }) as never);
  // The same hash as the Java client's.
  const partitioner = Partitioners.DefaultPartitioner();

  const inTurn = createTurnstile();
  const acks = protocolAcks(settings.acks);
  const compression = compressionTypes[settings.compression];
  const delivery = createDelivery(context, async (batches) => {
    const messages =
      batches.length === 1 ? (batches[0] as Batch).messages : batches.flatMap((batch) => batch.messages);
    try {
      await inTurn(() => producer.send({ topic, acks, compression, messages }));
      return { kind: 'acknowledged' };
    } catch (error) {
      const result = resultOfError(error, batches.length);
      // kafkajs may have tried before, and shows the last error only.
      return settings.idempotence && result.kind !== 'acknowledged'
        ? { ...result, kind: 'in-doubt' }
        : result;
    }
  });
  const accumulator = new Accumulator({
    leaders,
    lingerMs: settings.lingerMs,
    batchSizeBytes: settings.batchSizeBytes,
    // kafkajs sends an idempotent producer's requests one after the other, and compresses with gzip off the thread, so
    // that later requests could overtake. Waiting here lets batches fill.
    maxInFlight: settings.idempotence || settings.compression === 'gzip' ? 1 : maxInFlightRequests,
    partitionOfKey: (key) => partitioner({ topic, partitionMetadata, message: { key, value: null } }),
    transmit: (batches) => delivery.deliver(batches),
  });
  return {
    send: (message) => accumulator.append(message),
    flush: () => accumulator.flush(),
    async close() {
      accumulator.close();
      delivery.close();
      await producer.disconnect();
    },
  };
}

/**
 * Lets one request after the other begin, each in an event loop turn of its own: kafkajs encodes a request in as many
 * microtasks as it has partitions, so of two sends in one turn the later can reach the socket first. The very first
 * goes alone, for it waits for metadata and connections that later ones would find ready.
 */
function createTurnstile(): <T>(send: () => Promise<T>) => Promise<T> {
  let free: Promise<unknown> = Promise.resolve();
  let first = true;
  return (send) => {
    const mine = free;
    const sending = mine.then(send);
    free = first ? sending.catch(() => {}) : mine.then(() => nextTurn());
    first = false;
    return sending;
  };
}

/** What an error of kafkajs means for the batches of a request. Every retry wraps the error that caused it. */
export function resultOfError(error: unknown, partitions: number): AttemptResult {
  const cause = rootCause(error as KafkaJSError);
  const reason = `${cause.name}: ${cause.message}`;
  switch (cause.name) {
    case 'KafkaJSProtocolError': {
      const { type, retriable } = cause as KafkaJSProtocolError;
      return resultOfProtocolError(type, retriable, partitions);
    }
    case 'KafkaJSMetadataNotLoaded':
    case 'KafkaJSTopicMetadataNotLoaded':
    case 'KafkaJSBrokerNotFound':
      return { kind: 'not-sent', retriable: true, reason };
    case 'KafkaJSConnectionError': {
      const code = (cause as KafkaJSError & { code?: string }).code;
      const neverSent =
        code === 'ECONNREFUSED' ||
        cause.message === 'Not connected' ||
        cause.message === 'Connection timeout';
      return { kind: neverSent ? 'not-sent' : 'in-doubt', retriable: true, reason };
    }
    case 'KafkaJSConnectionClosedError':
    case 'KafkaJSRequestTimeoutError':
      return { kind: 'in-doubt', retriable: true, reason };
    default:
      return { kind: 'in-doubt', retriable: false, reason };
  }
}

function rootCause(error: KafkaJSError): Error {
  let cause: Error = error;
  while (cause.name === 'KafkaJSNumberOfRetriesExceeded' || cause.name === 'KafkaJSNonRetriableError') {
    if (!(cause.cause instanceof Error) || cause.cause === cause) break;
    cause = cause.cause;
  }
  return cause;
}
