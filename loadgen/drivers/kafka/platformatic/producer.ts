import { murmur2, Producer } from '@platformatic/kafka';
import type { DriverProducer } from '../../driver.ts';
import type { AttemptResult } from '../../sender/attempts.ts';
import { Accumulator } from '../accumulator.ts';
import { createDelivery } from '../delivery.ts';
import { type KafkaProducerContext, maxInFlightRequests, protocolAcks } from '../kafka-client.ts';
import { resultOfProtocolError } from '../protocol-errors.ts';
import { connectionOptions, leadersOf } from './connection.ts';

/** A @platformatic/kafka producer. It sends what it is given at once, so batches are made above it. */
export async function createPlatformaticProducer(context: KafkaProducerContext): Promise<DriverProducer> {
  const { settings, endpoint } = context;
  const { topic } = endpoint;
  const producer = new Producer<Buffer, Buffer, Buffer, Buffer>({
    ...connectionOptions(context, 'producer'),
    idempotent: settings.idempotence,
    maxInflights: maxInFlightRequests,
    // The delivery retries, seeing every attempt. An idempotent producer retries by itself, and safely can.
    retries: settings.idempotence ? Number.MAX_SAFE_INTEGER : 0,
    retryDelay: 100,
  });
  const metadata = await producer.metadata({ topics: [topic] });
  const leaders = leadersOf(metadata, topic);
  if (settings.idempotence) await producer.initIdempotentProducer({});

  const acks = protocolAcks(settings.acks);
  const delivery = createDelivery(context, async (batches) => {
    const messages = batches.flatMap((batch) =>
      batch.messages.map(({ key, value }) => ({
        topic,
        partition: batch.partition,
        key: key ?? undefined,
        value,
      })),
    );
    try {
      await producer.send({ messages, acks, compression: settings.compression });
      return { kind: 'acknowledged' };
    } catch (error) {
      const result = resultOfError(error, batches.length);
      return settings.idempotence && result.kind !== 'acknowledged'
        ? { ...result, kind: 'in-doubt' }
        : result;
    }
  });
  const accumulator = new Accumulator({
    leaders,
    lingerMs: settings.lingerMs,
    batchSizeBytes: settings.batchSizeBytes,
    maxInFlight: settings.idempotence ? 1 : maxInFlightRequests,
    // The Java client's choice; the library's own differs for numbers of partitions that are no power of two.
    partitionOfKey: (key) => (murmur2(key) & 0x7fff_ffff) % leaders.length,
    transmit: (batches) => delivery.deliver(batches),
  });
  return {
    send: (message) => accumulator.append(message),
    flush: () => accumulator.flush(),
    async close() {
      accumulator.close();
      delivery.close();
      await producer.close(true);
    },
  };
}

/** The fields by which the library tells its errors apart. */
interface LibraryError extends Error {
  code?: string;
  /** Name of the broker's error. */
  apiId?: string;
  canRetry?: boolean;
  errors?: LibraryError[];
}

/** What an error of @platformatic/kafka means for the batches of a request; the worst of those inside it counts. */
export function resultOfError(error: unknown, partitions: number): AttemptResult {
  const results = leaves(error as LibraryError).map((leaf): AttemptResult => {
    if (leaf.apiId) return resultOfProtocolError(leaf.apiId, leaf.canRetry === true, partitions);
    const reason = `${leaf.code ?? leaf.name}: ${leaf.message}`;
    const neverSent = (leaf.cause as { code?: string } | undefined)?.code === 'ECONNREFUSED';
    return { kind: neverSent ? 'not-sent' : 'in-doubt', retriable: leaf.canRetry === true, reason };
  });
  return results.find(({ kind }) => kind === 'in-doubt') ?? results[0] ?? { kind: 'acknowledged' };
}

function leaves(error: LibraryError): LibraryError[] {
  return error.errors?.length ? error.errors.flatMap(leaves) : [error];
}
