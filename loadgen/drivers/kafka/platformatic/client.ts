import type { KafkaClient } from '../kafka-client.ts';
import { createPlatformaticConsumer } from './consumer.ts';
import { createPlatformaticProducer } from './producer.ts';

/** @platformatic/kafka, a faster client. */
export const platformaticClient: KafkaClient = {
  createProducer: createPlatformaticProducer,
  createConsumer: (context) => createPlatformaticConsumer(context),
};
