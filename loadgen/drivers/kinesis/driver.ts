import { kinesis } from '../../../src/technologies/kinesis.ts';
import { clientProduct } from '../client-version.ts';
import { defineDriver } from '../define-driver.ts';
import { deliveryTimeoutMs } from '../sender/attempts.ts';
import { createKinesisConsumer } from './consumer.ts';
import { createFanOutConsumer } from './fan-out-consumer.ts';
import { placed } from './place.ts';
import { KinesisProducer } from './producer.ts';
import { maxRecords, maxRequestBytes } from './send-queue.ts';

const library = '@aws-sdk/client-kinesis';

/** Amazon Kinesis Data Streams, through the AWS SDK. */
export const driver = defineDriver(kinesis, {
  clients: ({ lingerMs, maxInFlightRequests, consumer }) => ({
    producer: clientProduct(library, [
      'makes a record of each message, and does not aggregate them as the Kinesis Producer Library does by default',
      `fills PutRecords requests for ${lingerMs} ms at most, up to ${maxRecords} records or ${maxRequestBytes / 1024 ** 2} MiB, and has ${maxInFlightRequests} under way`,
      `sends refused records again itself, for ${deliveryTimeoutMs / 1_000} s, asking for twice what the stream's quotas take at most`,
    ]),
    consumer: clientProduct(library, [
      consumer === 'polling'
        ? "polls each shard by itself, within the shard's quotas"
        : 'subscribes to each shard with enhanced fan-out, and again whenever the subscription ends, as after 5 minutes',
      'keeps no checkpoint of what it has read',
    ]),
  }),
  createProducer: async (context) => new KinesisProducer(await placed(context)),
  async createConsumer(context) {
    const there = await placed(context);
    return context.settings.consumer === 'polling'
      ? createKinesisConsumer(there)
      : createFanOutConsumer(there);
  },
});
