import { kinesis } from '../../../src/technologies/kinesis.ts';
import { clientProduct } from '../client-version.ts';
import { defineDriver } from '../define-driver.ts';
import { deliveryTimeoutMs } from '../sender/attempts.ts';
import { createKinesisConsumer } from './consumer.ts';
import { KinesisProducer } from './producer.ts';
import { maxRecords, maxRequestBytes } from './send-queue.ts';

const library = '@aws-sdk/client-kinesis';

/** Amazon Kinesis Data Streams, through the AWS SDK. */
export const driver = defineDriver(kinesis, {
  clients: ({ lingerMs, maxInFlightRequests }) => ({
    producer: clientProduct(library, [
      `fills PutRecords requests for ${lingerMs} ms at most, up to ${maxRecords} records or ${maxRequestBytes / 1024 ** 2} MiB, and has ${maxInFlightRequests} under way`,
      `sends refused records again itself, for ${deliveryTimeoutMs / 1_000} s, asking for twice what the stream's quotas take at most`,
    ]),
    consumer: clientProduct(library, [
      "polls each shard by itself, within the shard's quotas",
      'keeps no checkpoint of what it has read',
    ]),
  }),
  createProducer: async (context) => new KinesisProducer(context),
  async createConsumer(context) {
    const { consumer } = context.settings;
    if (consumer !== 'polling')
      throw new Error(`the load generator cannot consume with ${consumer} yet; use polling`);
    return createKinesisConsumer(context);
  },
});
