import { natsEndpointSchema, natsSettingsSchema } from '../../../src/technologies/nats.ts';
import { clientProduct } from '../client-version.ts';
import type { Driver, DriverContext } from '../driver.ts';
import type { NatsContext } from './connection.ts';
import { createNatsConsumer } from './consumer.ts';
import { createNatsProducer } from './producer.ts';

/** NATS JetStream, through its own client library. */
export const driver: Driver = {
  keepsOrder: true,
  clients() {
    const client = clientProduct('@nats-io/jetstream');
    return { producer: client, consumer: client };
  },
  createProducer: async (context) => createNatsProducer({ ...context, ...checked(context) }),
  createConsumer: async (context) => createNatsConsumer({ ...context, ...checked(context) }),
};

function checked({ settings, endpoint }: DriverContext): NatsContext {
  return { settings: natsSettingsSchema.parse(settings), endpoint: natsEndpointSchema.parse(endpoint) };
}
