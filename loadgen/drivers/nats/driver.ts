import { nats } from '../../../src/technologies/nats.ts';
import { clientProduct } from '../client-version.ts';
import { defineDriver } from '../define-driver.ts';
import { deliveryTimeoutMs } from '../sender/attempts.ts';
import { emptyStream } from './connection.ts';
import { createNatsConsumer } from './consumer.ts';
import { acknowledgementTimeoutMs, createNatsProducer } from './producer.ts';

const publisher = '@nats-io/transport-node';

/** NATS JetStream: read through its own client library, published to on the connection beneath that. */
export const driver = defineDriver(nats, {
  clients: ({ publishMode, publishWindow, consumer }) => ({
    producer: {
      ...clientProduct(publisher, [
        "publishes without the library's promise for each message, and matches the acknowledgements itself",
        `has ${publishMode === 'synchronous' ? 'one message' : `${publishWindow} messages`} under way at most`,
        `publishes again after ${acknowledgementTimeoutMs / 1_000} s without an acknowledgement, for ${deliveryTimeoutMs / 1_000} s`,
      ]),
      name: `our own, on ${publisher}`,
    },
    consumer: clientProduct('@nats-io/jetstream', [
      consumer === 'pull'
        ? 'acknowledges each message by itself (AckPolicy.Explicit)'
        : 'acknowledges nothing (an ordered consumer)',
    ]),
  }),
  createProducer: createNatsProducer,
  createConsumer: createNatsConsumer,
  empty: emptyStream,
});
