import type { KafkaSettings } from '../../../src/technologies/kafka/settings.ts';
import { kafka } from '../../../src/technologies/kafka.ts';
import { defineDriver } from '../define-driver.ts';
import { consumerOf, producerOf } from './clients.ts';
import type { KafkaClient } from './kafka-client.ts';
import { located, reached } from './reached.ts';

/** Loads a client library only where it is used: that is most of a thread's time to start. */
async function loadClient(name: KafkaSettings['producerClient']): Promise<KafkaClient> {
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
  clients: (settings) => ({ producer: producerOf(settings), consumer: consumerOf(settings) }),
  async createProducer(context) {
    const client = await loadClient(context.settings.producerClient);
    return client.createProducer(await reached(context));
  },
  async createConsumer(context) {
    const client = await loadClient(context.settings.consumerClient);
    return client.createConsumer(await reached(context));
  },
  async empty(context) {
    const { emptyTopic } = await import('./kafkajs/connection.ts');
    await emptyTopic(await located(context));
  },
});
