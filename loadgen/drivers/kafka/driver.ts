import type { Product } from '../../../src/contracts/documents/product.ts';
import { type KafkaSettings, kafka } from '../../../src/technologies/kafka.ts';
import { clientProduct } from '../client-version.ts';
import { defineDriver } from '../define-driver.ts';
import type { KafkaClient } from './kafka-client.ts';

type ClientName = KafkaSettings['producerClient'];

function clientOf(name: ClientName): Product {
  switch (name) {
    case 'kafkajs':
      return clientProduct('kafkajs');
    case 'platformatic':
      return clientProduct('@platformatic/kafka');
    case 'flat':
      return { ...clientProduct('@platformatic/kafka'), name: 'flat, on @platformatic/kafka' };
    default:
      throw new Error(`unknown Kafka client ${JSON.stringify(name satisfies never)}`);
  }
}

/** Loads a client library only where it is used: that is most of a thread's time to start. */
async function loadClient(name: ClientName): Promise<KafkaClient> {
  switch (name) {
    case 'kafkajs':
      return (await import('./kafkajs/client.ts')).kafkajsClient;
    case 'platformatic':
      return (await import('./platformatic/client.ts')).platformaticClient;
    case 'flat':
      return (await import('./flat/client.ts')).flatClient;
    default:
      throw new Error(`unknown Kafka client ${JSON.stringify(name satisfies never)}`);
  }
}

/** Apache Kafka, through the client libraries that the settings name. */
export const driver = defineDriver(kafka, {
  keepsOrder: true,
  clients: ({ producerClient, consumerClient }) => ({
    producer: clientOf(producerClient),
    consumer: clientOf(consumerClient),
  }),
  async createProducer(context) {
    const client = await loadClient(context.settings.producerClient);
    return client.createProducer(context);
  },
  async createConsumer(context) {
    const client = await loadClient(context.settings.consumerClient);
    return client.createConsumer(context);
  },
});
