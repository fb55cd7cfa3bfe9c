import { kinesis } from '../../../src/technologies/kinesis.ts';
import { clientProduct } from '../client-version.ts';
import { defineDriver } from '../define-driver.ts';
import { createKinesisConsumer } from './consumer.ts';
import { KinesisProducer } from './producer.ts';

/** Amazon Kinesis Data Streams, through the AWS SDK. */
export const driver = defineDriver(kinesis, {
  // PutRecords promises no order, not even within a shard.
  keepsOrder: false,
  clients() {
    const client = clientProduct('@aws-sdk/client-kinesis');
    return { producer: client, consumer: client };
  },
  createProducer: async (context) => new KinesisProducer(context),
  async createConsumer(context) {
    const { consumer } = context.settings;
    if (consumer !== 'polling')
      throw new Error(`the load generator cannot consume with ${consumer} yet; use polling`);
    return createKinesisConsumer(context);
  },
});
