import type { KafkaClient } from '../kafka-client.ts';
import { createKafkajsConsumer } from './consumer.ts';
import { createKafkajsProducer } from './producer.ts';

/** kafkajs, what most Node applications use. */
export const kafkajsClient: KafkaClient = {
  createProducer: createKafkajsProducer,
  createConsumer: createKafkajsConsumer,
};
