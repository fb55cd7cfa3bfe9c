import { setImmediate as nextTurn } from 'node:timers/promises';
import { type KafkaJSError, type KafkaJSProtocolError, Partitioners } from 'kafkajs';
import type { DriverProducer } from '../../driver.ts';
import { type AttemptResult, acknowledged, type FailedAttempt } from '../../sender/attempts.ts';
import { sendsOneByOne } from '../clients.ts';
import { type KafkaProducerContext, protocolAcks } from '../kafka-client.ts';
import { createLibraryProducer, type MessageListBatch } from '../library-producer.ts';
import { afterHiddenAttempts, resultOfErrorCode, unanswered } from '../protocol-errors.ts';
import { registerCodec } from './compression.ts';
import { compressionTypes, connectKafkajs, topicLeaders } from './connection.ts';
import { keepProduceAnswers, partitionCodesOf } from './produce-answers.ts';

/** A kafkajs producer. kafkajs sends what it is given at once, so batches are made above it. */
export async function createKafkajsProducer(context: KafkaProducerContext): Promise<DriverProducer> {
  const { settings, endpoint } = context;
  const { topic } = endpoint;
  const { idempotence } = settings;
  await registerCodec(settings.compression);
  keepProduceAnswers();
  let written = 0;
  const kafka = connectKafkajs(context, 'producer', () => written++);
  const producer = kafka.producer({
    // The batch has its partition already.
    createPartitioner:
      () =>
      ({ message }) =>
        message.partition ?? 0,
    allowAutoTopicCreation: false,
    idempotent: idempotence,
    // The sender retries, seeing every attempt. An idempotent producer insists on retrying by itself, and safely can.
    retry: idempotence ? { retries: Number.MAX_SAFE_INTEGER } : { retries: 0 },
  });
  await producer.connect();
  const leaders = await topicLeaders(kafka, topic);
  const partitionMetadata = leaders.map((leader, partitionId) => ({ partitionId, leader }) as never);
  // The same hash as the Java client's.
  const partitioner = Partitioners.DefaultPartitioner();

  const inTurn = createTurnstile();
  const acks = protocolAcks(settings.acks);
  const compression = compressionTypes[settings.compression];
  return createLibraryProducer(context, {
    leaders,
    // Waiting above it lets batches fill.
    ...(sendsOneByOne(settings) ? { maxInFlight: 1 } : {}),
    partitionOfKey: (key) => partitioner({ topic, partitionMetadata, message: { key, value: null } }),
    async request(batches) {
      const messages =
        batches.length === 1
          ? (batches[0] as MessageListBatch).content.messages
          : batches.flatMap(({ content }) => content.messages);
      const writtenBefore = written;
      try {
        await inTurn(() => producer.send({ topic, acks, compression, messages }));
        return () => acknowledged;
      } catch (error) {
        const resultOf = resultsOfError(error, written !== writtenBefore);
        return ({ partition }) =>
          idempotence ? afterHiddenAttempts(resultOf(partition)) : resultOf(partition);
      }
    },
    close: () => producer.disconnect(),
  });
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

/**
 * What an error of kafkajs means for the batch of each partition.
 * @param mayBeSent whether a produce request was written since the attempt began, be it another one: what kafkajs throws
 *   may be about its next steps, such as connecting anew after a connection broke
 */
export function resultsOfError(error: unknown, mayBeSent: boolean): (partition: number) => AttemptResult {
  const cause = rootCause(error as KafkaJSError);
  const codes = partitionCodesOf(cause);
  if (codes) {
    return (partition) => {
      const code = codes.get(partition);
      return code === undefined ? unanswered : resultOfErrorCode(code);
    };
  }
  const { type, retriable } = cause as KafkaJSProtocolError;
  const result: FailedAttempt = {
    kind: mayBeSent ? 'in-doubt' : 'not-sent',
    retriable: passingErrors.has(cause.name) || (cause.name === 'KafkaJSProtocolError' && retriable),
    reason: type ?? cause.name,
    detail: cause.message,
  };
  return () => result;
}

/** Errors of kafkajs that a later attempt may not meet. */
const passingErrors = new Set([
  'KafkaJSMetadataNotLoaded',
  'KafkaJSTopicMetadataNotLoaded',
  'KafkaJSBrokerNotFound',
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
]);

/** Every retry wraps the error that caused it. */
function rootCause(error: KafkaJSError): Error {
  let cause: Error = error;
  while (cause.name === 'KafkaJSNumberOfRetriesExceeded' || cause.name === 'KafkaJSNonRetriableError') {
    if (!(cause.cause instanceof Error) || cause.cause === cause) break;
    cause = cause.cause;
  }
  return cause;
}
