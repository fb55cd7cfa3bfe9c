import { nats } from '../../../src/technologies/nats.ts';
import { clientProduct } from '../client-version.ts';
import { defineDriver } from '../define-driver.ts';
import { createNatsConsumer } from './consumer.ts';
import { createNatsProducer } from './producer.ts';

/** NATS JetStream, through its own client library. */
export const driver = defineDriver(nats, {
  keepsOrder: true,
  clients() {
    const client = clientProduct('@nats-io/jetstream');
    return { producer: client, consumer: client };
  },
  createProducer: createNatsProducer,
  createConsumer: createNatsConsumer,
});
