import { murmur2, Producer } from '@platformatic/kafka';
import type { DriverProducer } from '../../driver.ts';
import { type AttemptResult, acknowledged } from '../../sender/attempts.ts';
import { sendsOneByOne } from '../clients.ts';
import { type KafkaProducerContext, maxInFlightRequests, protocolAcks } from '../kafka-client.ts';
import { createLibraryProducer } from '../library-producer.ts';
import { afterHiddenAttempts } from '../protocol-errors.ts';
import { connectionOptions, leadersOf } from './connection.ts';
import { resultsOfError } from './produce-errors.ts';

/** A @platformatic/kafka producer. It sends what it is given at once, so batches are made above it. */
export async function createPlatformaticProducer(context: KafkaProducerContext): Promise<DriverProducer> {
  const { settings, endpoint } = context;
  const { topic } = endpoint;
  const { idempotence, compression } = settings;
  const producer = new Producer<Buffer, Buffer, Buffer, Buffer>({
    ...connectionOptions(context, 'producer'),
    idempotent: idempotence,
    maxInflights: maxInFlightRequests,
    // The sender retries, seeing every attempt. An idempotent producer retries by itself, and safely can.
    retries: idempotence ? Number.MAX_SAFE_INTEGER : 0,
    retryDelay: 100,
    repeatOnStaleMetadata: idempotence,
  });
  const metadata = await producer.metadata({ topics: [topic] });
  const leaders = leadersOf(metadata, topic);
  if (idempotence) await producer.initIdempotentProducer({});

  const acks = protocolAcks(settings.acks);
  return createLibraryProducer(context, {
    leaders,
    ...(sendsOneByOne(settings) ? { maxInFlight: 1 } : {}),
    // The Java client's choice; the library's own differs for numbers of partitions that are no power of two.
    partitionOfKey: (key) => (murmur2(key) & 0x7fff_ffff) % leaders.length,
    async request(batches) {
      const messages = batches.flatMap(({ partition, content }) =>
        content.messages.map(({ key, value }) => ({ topic, partition, key: key ?? undefined, value })),
      );
      try {
        await producer.send({ messages, acks, compression });
        return () => acknowledged;
      } catch (error) {
        // Whatever it was, the leaders may have changed; the library looks again only where it retries by itself.
        if (!idempotence) producer.clearMetadata();
        const resultOf = resultsOfError(error);
        return ({ partition }): AttemptResult =>
          idempotence ? afterHiddenAttempts(resultOf(partition)) : resultOf(partition);
      }
    },
    close: () => producer.close(true),
  });
}
