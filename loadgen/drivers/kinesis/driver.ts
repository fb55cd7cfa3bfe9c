import { kinesisEndpointSchema, kinesisSettingsSchema } from '../../../src/technologies/kinesis.ts';
import { clientProduct } from '../client-version.ts';
import type { Driver, DriverContext } from '../driver.ts';
import { createKinesisConsumer } from './consumer.ts';
import { createKinesisProducer } from './producer.ts';

/** Amazon Kinesis Data Streams, through the AWS SDK. */
export const driver: Driver = {
  // PutRecords promises no order, not even within a shard.
  keepsOrder: false,
  clients() {
    const client = clientProduct('@aws-sdk/client-kinesis');
    return { producer: client, consumer: client };
  },
  createProducer: async (context) => createKinesisProducer({ ...context, endpoint: endpointOf(context) }),
  async createConsumer(context) {
    const { consumer } = kinesisSettingsSchema.parse(context.settings);
    if (consumer !== 'polling')
      throw new Error(`the load generator cannot consume with ${consumer} yet; use polling`);
    return createKinesisConsumer({ ...context, endpoint: endpointOf(context) });
  },
};

function endpointOf(context: DriverContext) {
  return kinesisEndpointSchema.parse(context.endpoint);
}
