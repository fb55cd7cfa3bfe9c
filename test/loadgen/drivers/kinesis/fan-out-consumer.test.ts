import { KinesisClient, RegisterStreamConsumerCommand } from '@aws-sdk/client-kinesis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { driver } from '../../../../loadgen/drivers/kinesis/driver.ts';
import { createFanOutConsumer } from '../../../../loadgen/drivers/kinesis/fan-out-consumer.ts';
import { headerBytes, writeMessage, writeOrigin } from '../../../../loadgen/measure/header.ts';
import { kinesisSettingsSchema } from '../../../../src/technologies/kinesis.ts';
import { until } from '../../../support/until.ts';
import { Collector } from '../../support/collector.ts';
import { type FakeFanOut, type FakeSubscription, startFakeFanOut } from '../../support/fake-fan-out.ts';
import { createKinesisStream, kinesisEndpoint } from '../../support/kinesis-stream.ts';
import { startMiniStack, type TestServer, testAwsEnvironment } from '../../support/servers.ts';

const settings = kinesisSettingsSchema.parse({ shards: 2, consumer: 'enhanced-fan-out' });
const consumerArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/stream/consumer/cmp-0:1';
let fake: FakeFanOut | null = null;
let collector: Collector;

beforeAll(() => {
  Object.assign(process.env, testAwsEnvironment);
});

afterEach(async () => {
  await collector?.close();
  await fake?.close();
  fake = null;
});

function message(sequence: number): Buffer {
  const buffer = Buffer.alloc(headerBytes);
  writeOrigin(buffer, { session: 1, round: 1, producer: 0 });
  writeMessage(buffer, sequence, 0);
  return buffer;
}

async function consume(
  shards: string[],
  answer: (subscription: FakeSubscription, number: number) => string | undefined,
  count = 1,
): Promise<FakeFanOut> {
  fake = await startFakeFanOut(shards, answer);
  const endpoint = { ...kinesisEndpoint(fake.url, 'stream'), consumerArns: [consumerArn] };
  collector = new Collector(settings, endpoint, 'session');
  await collector.openConsumers(driver, count);
  return fake;
}

const arrived = () => collector.arrivals.map(({ sequence, partition }) => [sequence, partition]);

test('each shard is subscribed to once, by the consumer that is registered, from the oldest record on', async () => {
  const { subscriptions } = await consume(
    ['shard-a', 'shard-b', 'shard-c'],
    (subscription) => {
      subscription.push([message(subscription.shardId.charCodeAt(6))], '1');
      return undefined;
    },
    2,
  );
  await collector.received(3);
  expect(collector.assigned).toEqual([[0, 2], [1]]);
  expect(subscriptions.map(({ shardId }) => shardId).sort()).toEqual(['shard-a', 'shard-b', 'shard-c']);
  for (const { consumerArn: arn, position } of subscriptions) {
    expect(arn).toBe(consumerArn);
    expect(position).toEqual({ Type: 'TRIM_HORIZON' });
  }
  expect(arrived().sort()).toEqual([
    ['a'.charCodeAt(0), 0],
    ['b'.charCodeAt(0), 1],
    ['c'.charCodeAt(0), 2],
  ]);
});

describe('a subscription that ends', () => {
  test('as after 5 minutes is followed by one from where it was, no sooner than the service allows', async () => {
    const { subscriptions } = await consume(['shard'], (subscription, number) => {
      subscription.push([message(2 * number), message(2 * number + 1)], `at-${number}`);
      if (number === 0) subscription.end();
      return undefined;
    });
    await collector.received(4);
    expect(arrived()).toEqual([0, 1, 2, 3].map((sequence) => [sequence, 0]));
    expect(subscriptions[1]?.position).toEqual({ Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: 'at-0' });
    const [first, second] = subscriptions.map(({ atMs }) => atMs) as [number, number];
    expect(second - first).toBeGreaterThanOrEqual(4_900);
    expect(collector.problems).toEqual([]);
  });

  test.each([
    ['since another took it over', (one: FakeSubscription) => one.fail('ResourceInUseException')],
    ['by an error of the service', (one: FakeSubscription) => one.fail('InternalFailureException')],
    ['since its key is asked for too often', (one: FakeSubscription) => one.fail('KMSThrottlingException')],
  ])('%s goes on after what arrived', async (_how, end) => {
    const { subscriptions } = await consume(['shard'], (subscription, number) => {
      subscription.push([message(number)], `at-${number}`);
      if (number === 0) setTimeout(() => end(subscription), 50);
      return undefined;
    });
    await collector.received(2);
    expect(arrived()).toEqual([
      [0, 0],
      [1, 0],
    ]);
    expect(subscriptions.at(-1)?.position).toEqual({
      Type: 'AFTER_SEQUENCE_NUMBER',
      SequenceNumber: 'at-0',
    });
    expect(collector.problems.join()).toMatch(/SubscribeToShard failed/);
    expect(collector.broken).toBeNull();
  });

  test('by a broken connection goes on after what arrived', async () => {
    const { subscriptions } = await consume(['shard'], (subscription, number) => {
      subscription.push([message(number)], `at-${number}`);
      if (number === 0) setTimeout(() => subscription.hangUp(), 50);
      return undefined;
    });
    await collector.received(2);
    expect(subscriptions[1]?.position).toEqual({ Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: 'at-0' });
    expect(collector.broken).toBeNull();
  });

  test('since nothing is heard of it any more is given up and made anew', async () => {
    fake = await startFakeFanOut(['shard'], (subscription, number) => {
      subscription.push([message(number)], `at-${number}`);
      return undefined;
    });
    collector = new Collector(settings, null, 'session');
    const arrivals: number[] = [];
    const consumer = await createFanOutConsumer(
      {
        settings,
        endpoint: {
          access: { region: 'us-east-1', endpoint: fake.url },
          streamName: 'stream',
          consumerArn,
        },
        sessionName: 'session',
        index: 0,
        count: 1,
        log: () => {},
        receive: (_partition, value) => arrivals.push(value.length),
        assigned: () => {},
        broken: () => {},
      },
      500,
    );
    await until('a second subscription', () => fake?.subscriptions.length === 2);
    await until('what it brings', () => arrivals.length === 2);
    await consumer.close();
  });

  test('for good breaks the consumer', async () => {
    await consume(['shard'], (subscription) => {
      subscription.push([message(0)], 'at-0');
      setTimeout(() => subscription.fail('ResourceNotFoundException'), 50);
      return undefined;
    });
    await until('it is broken', () => collector.broken !== null);
    expect(collector.broken?.name).toBe('ResourceNotFoundException');
  });
});

test('a subscription that is refused for now is made again, one that is refused for good is told', async () => {
  const { subscriptions } = await consume(['shard'], (subscription, number) => {
    if (number < 2) return ['ResourceInUseException', 'LimitExceededException'][number];
    subscription.push([message(7)], 'at-7');
    return undefined;
  });
  await collector.received(1);
  expect(subscriptions).toHaveLength(3);
  await collector.close();
  await fake?.close();
  await expect(consume(['shard'], () => 'AccessDeniedException')).rejects.toThrow('as the test has it');
});

test('a shard that was split is followed by its children, each once', async () => {
  const children = [
    { ShardId: 'child-1', ParentShards: ['shard'] },
    { ShardId: 'child-2', ParentShards: ['shard'] },
    { ShardId: 'of-another', ParentShards: ['other', 'shard'] },
  ];
  const { subscriptions } = await consume(['shard'], (subscription, number) => {
    subscription.push([message(number)], undefined, subscription.shardId === 'shard' ? children : undefined);
    return undefined;
  });
  await collector.received(3);
  await until('the children', () => subscriptions.length === 3);
  expect(subscriptions.slice(1).map(({ shardId, position }) => [shardId, position.Type])).toEqual([
    ['child-1', 'TRIM_HORIZON'],
    ['child-2', 'TRIM_HORIZON'],
  ]);
  expect(new Set(collector.arrivals.map(({ partition }) => partition))).toEqual(new Set([0]));
});

test('without a registered consumer it says who registers one', async () => {
  collector = new Collector(settings, kinesisEndpoint('http://127.0.0.1:1', 'stream'), 'session');
  await expect(collector.openConsumers(driver, 1)).rejects.toThrow(
    /has no consumer with enhanced fan-out; have terraform/,
  );
});

describe('on an emulator', () => {
  let emulator: TestServer & { url: string };
  beforeAll(async () => {
    emulator = await startMiniStack();
  }, 60_000);
  afterAll(() => emulator?.stop());

  test('everything that was sent comes once', async () => {
    const stream = await createKinesisStream(emulator.url, 'fan-out', 2);
    const client = new KinesisClient({ region: 'us-east-1', endpoint: emulator.url });
    const { Consumer } = await client.send(
      new RegisterStreamConsumerCommand({ StreamARN: stream.streamArn, ConsumerName: 'cmp-0' }),
    );
    const endpoint = { ...stream, consumerArns: [Consumer?.ConsumerARN ?? ''] };
    collector = new Collector(settings, endpoint, 'session');
    await collector.openConsumers(driver, 2);
    const producer = await collector.openProducer(driver);
    await collector.send(producer, 100);
    await collector.received(100);
    client.destroy();
    expect(collector.arrivals).toHaveLength(100);
  });
});
