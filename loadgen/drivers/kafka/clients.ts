import type { Client } from '../../../src/contracts/documents/load-parts.ts';
import type { KafkaSettings } from '../../../src/technologies/kafka/settings.ts';
import { clientProduct } from '../client-version.ts';
import { deliveryTimeoutMs } from '../sender/attempts.ts';
import { commitIntervalMs, maxInFlightRequests } from './kafka-client.ts';

/** The package by which an application would get at a client. */
const packages = {
  kafkajs: 'kafkajs',
  platformatic: '@platformatic/kafka',
  flat: '@platformatic/kafka',
} as const satisfies Record<KafkaSettings['producerClient'], string>;

/** Whether a client's idempotent producer, or its compression, allows one request at a time only. */
export function sendsOneByOne({ producerClient, idempotence, compression }: KafkaSettings): boolean {
  if (producerClient === 'flat') return false;
  // kafkajs compresses with gzip off the thread, so that later requests could overtake.
  return idempotence || (producerClient === 'kafkajs' && compression === 'gzip');
}

/** Who produces under these settings, and what we do of it. */
export function producerOf(settings: KafkaSettings): Client {
  const { producerClient, idempotence } = settings;
  const retriesHere = producerClient === 'flat' || !idempotence;
  return named(producerClient, [
    ...(producerClient === 'flat' ? ['encodes record batches itself'] : []),
    "fills batches by the rules of Kafka's Java client",
    sendsOneByOne(settings)
      ? 'sends one request to a broker at a time'
      : `has up to ${maxInFlightRequests} requests to a broker under way`,
    retriesHere
      ? `tries again itself, for ${deliveryTimeoutMs / 1_000} s`
      : 'leaves trying again to the library, which does so without end',
    idempotence ? 'is idempotent' : 'is not idempotent: what is sent again may be there twice',
  ]);
}

/** Who consumes under these settings, and what it does of what consumers may do. */
export function consumerOf({ consumerClient }: KafkaSettings): Client {
  return named(
    consumerClient,
    consumerClient === 'flat'
      ? ['decodes record batches itself', 'joins no group and commits no offsets']
      : [
          `joins a group and commits its offsets every ${commitIntervalMs / 1_000} s`,
          ...(consumerClient === 'platformatic'
            ? ['begins anew at what it committed, where the library gives up since a broker has left']
            : []),
        ],
  );
}

function named(client: KafkaSettings['producerClient'], adds: string[]): Client {
  const product = clientProduct(packages[client], adds);
  return client === 'flat' ? { ...product, name: `flat, on ${product.name}` } : product;
}
