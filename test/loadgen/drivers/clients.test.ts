import { expect, test } from '@jest/globals';
import { driver as kafka } from '../../../loadgen/drivers/kafka/driver.ts';
import { driver as kinesis } from '../../../loadgen/drivers/kinesis/driver.ts';
import { driver as nats } from '../../../loadgen/drivers/nats/driver.ts';

test.each([
  [
    kafka.clients({ producerClient: 'flat', consumerClient: 'flat' }),
    /^flat, on/,
    /no group|commits? nothing/,
  ],
  [nats.clients({}), /^our own, on/, /acknowledges each message/],
  [nats.clients({ publishMode: 'synchronous' }), /^our own, on/, /one message under way/],
  [
    kinesis.clients({ lingerMs: 7, maxInFlightRequests: 3 }),
    /client-kinesis/,
    /for 7 ms at most.* 3 under way/,
  ],
  [kinesis.clients({}), /client-kinesis/, /keeps no checkpoint/],
  [kafka.clients({}), /^kafkajs/, /25 s/],
])('a client is told with what is ours about it: %#', ({ producer, consumer }, name, adds) => {
  expect(producer.name).toMatch(name);
  expect([...producer.adds, ...consumer.adds].join('; ')).toMatch(adds);
});
