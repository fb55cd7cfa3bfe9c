import {
  type KafkaSettings,
  kafkaEndpointSchema,
  kafkaSettingsSchema,
} from '../../../src/technologies/kafka.ts';
import { clientProduct } from '../client-version.ts';
import type { Driver } from '../driver.ts';
import type { KafkaClient } from './client.ts';

type ClientName = KafkaSettings['producerClient'];

const packageNames: Record<ClientName, string> = { kafkajs: 'kafkajs', platformatic: '@platformatic/kafka' };

/** Loads a client library only where it is used: that is most of a thread's time to start. */
async function loadClient(name: ClientName): Promise<KafkaClient> {
  switch (name) {
    case 'kafkajs':
      return (await import('./kafkajs/client.ts')).kafkajsClient;
    case 'platformatic':
      return (await import('./platformatic/client.ts')).platformaticClient;
    default:
      throw new Error(`unknown Kafka client ${JSON.stringify(name satisfies never)}`);
  }
}

/** Apache Kafka, through the client libraries that the settings name. */
export const driver: Driver = {
  keepsOrder: true,
  clients(settings) {
    const { producerClient, consumerClient } = kafkaSettingsSchema.parse(settings);
    return {
      producer: clientProduct(packageNames[producerClient]),
      consumer: clientProduct(packageNames[consumerClient]),
    };
  },
  async createProducer(context) {
    const settings = kafkaSettingsSchema.parse(context.settings);
    const client = await loadClient(settings.producerClient);
    return client.createProducer({
      ...context,
      settings,
      endpoint: kafkaEndpointSchema.parse(context.endpoint),
    });
  },
  async createConsumer(context) {
    const settings = kafkaSettingsSchema.parse(context.settings);
    const client = await loadClient(settings.consumerClient);
    return client.createConsumer({
      ...context,
      settings,
      endpoint: kafkaEndpointSchema.parse(context.endpoint),
    });
  },
};
