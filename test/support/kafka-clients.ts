import { kafkaSettingsSchema } from '../../src/technologies/kafka/settings.ts';

/** The clients that Kafka's settings can name. */
export const kafkaClients = kafkaSettingsSchema.in.shape.producerClient.unwrap().options;
