import type { KafkaClient } from '../kafka-client.ts';
import { createFlatConsumer } from './consumer.ts';
import { createFlatProducer } from './producer.ts';

/**
 * The client for finding what the product itself can do: @platformatic/kafka's connections and metadata, and our own
 * encoding of what is sent and fetched, in buffers that are used again and without an object for each message.
 */
export const flatClient: KafkaClient = {
  createProducer: createFlatProducer,
  createConsumer: createFlatConsumer,
};
