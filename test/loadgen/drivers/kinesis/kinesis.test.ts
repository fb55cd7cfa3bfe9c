import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { driver } from '../../../../loadgen/drivers/kinesis/driver.ts';
import { readSequence } from '../../../../loadgen/measure/header.ts';
import type { ProducePart } from '../../../../src/contracts/documents/load-parts.ts';
import { workloadSchema } from '../../../../src/contracts/input/workload.ts';
import { type KinesisSettings, kinesisSettingsSchema } from '../../../../src/technologies/kinesis.ts';
import { until } from '../../../support/until.ts';
import { Collector } from '../../support/collector.ts';
import { type FakeKinesis, startFakeKinesis } from '../../support/fake-kinesis.ts';
import { createKinesisStream, kinesisEndpoint } from '../../support/kinesis-stream.ts';
import { measureBoth } from '../../support/measuring.ts';
import {
  startMiniStack,
  startQuotaProxy,
  type TestServer,
  testAwsEnvironment,
} from '../../support/servers.ts';
import { sessionOf } from '../../support/session-of.ts';

const settings = kinesisSettingsSchema.parse({ shards: 3 });
let emulator: TestServer & { url: string };
let fake: FakeKinesis | null = null;
let collector: Collector | null = null;
let streams = 0;

beforeAll(async () => {
  // The SDK finds credentials here, and so do the threads.
  Object.assign(process.env, testAwsEnvironment);
  emulator = await startMiniStack();
}, 60_000);

afterEach(async () => {
  await collector?.close();
  await fake?.close();
  collector = null;
  fake = null;
});

afterAll(() => emulator?.stop());

/** Makes a stream with a name of its own. */
async function createStream(shards: number | undefined): Promise<string> {
  const { streamName } = await createKinesisStream(emulator.url, `stream-${++streams}`, shards);
  return streamName;
}

describe('the Kinesis driver on the emulator', () => {
  test('delivers everything once, from every shard, to consumers that share the shards', async () => {
    const streamName = await createStream(settings.shards);
    collector = new Collector(settings, kinesisEndpoint(emulator.url, streamName), 'session');
    await collector.openConsumers(driver, 2);
    await collector.send(await collector.openProducer(driver), 2_000);
    await collector.received(2_000);
    expect(collector.count('acknowledged')).toBe(2_000);
    expect(collector.arrivals).toHaveLength(2_000);
    expect(collector.assigned).toEqual([[0, 2], [1]]);
    expect(new Set(collector.arrivals.map(({ partition }) => partition))).toEqual(new Set([0, 1, 2]));
  });

  test('measures a whole session', async () => {
    const { produced, consumed } = await measure(emulator.url, 3, 1_000, 2);
    expect(produced).toMatchObject({ scheduled: 2_000, acknowledged: 2_000, unsent: 0 });
    expect(consumed).toMatchObject({
      received: 2_000,
      lost: 0,
      duplicated: 0,
      reordered: null,
      unexpected: 0,
    });
  });

  test('saturates a stream of two shards that is offered 3,000 messages/s at 2,000/s, and loses none', async () => {
    const direct = await measure(emulator.url, 2, 2_000, 5);
    expect(direct.produced.throttled).toBe(0);
    const proxy = await startQuotaProxy(emulator.url);
    const { produced, consumed } = await measure(proxy.url, 2, 3_000, 6).finally(() => proxy.stop());
    expect(produced.throttled).toBeGreaterThan(0);
    expect(produced).toMatchObject({ scheduled: 18_000, unsent: 0, acknowledged: 18_000 });
    expect(consumed).toMatchObject({ received: 18_000, lost: 0, duplicated: 0 });
    expect(perSecond(produced)).toBeLessThanOrEqual(2_000);
    // How close to its quota the stream is kept is told in simulated time (kinesis-send-queue.test.ts). What a machine
    // short of processor time does not try in a second is lost to the stream, so here it only must not collapse.
    expect(perSecond(produced)).toBeGreaterThan(0.25 * perSecond(direct.produced));
  });
});

const perSecond = ({ acknowledgedInTime, durationSeconds }: ProducePart) =>
  acknowledgedInTime / durationSeconds;

/** A whole session on a stream of its own. */
async function measure(url: string, shards: number, messagesPerSecond: number, durationSeconds: number) {
  const streamName = await createStream(shards);
  const session = sessionOf({
    technology: 'kinesis',
    experimentId: 'kinesis',
    settings: { shards },
    endpoint: kinesisEndpoint(url, streamName),
    workload: workloadSchema.parse({
      messageSizeBytes: 200,
      load: { shape: 'constant', messagesPerSecond },
      warmupSeconds: 0.5,
      durationSeconds,
    }),
  });
  try {
    await session.open();
    return await measureBoth(session);
  } finally {
    await session.close();
  }
}

describe('the Kinesis producer', () => {
  interface PutRecords {
    Records: { Data: string }[];
  }

  async function produce(
    answer: Parameters<typeof startFakeKinesis>[0],
    count: number,
    given: Partial<KinesisSettings> = {},
  ): Promise<Collector> {
    fake = await startFakeKinesis(answer);
    collector = new Collector({ ...settings, ...given }, kinesisEndpoint(fake.url, 'stream'), 'session');
    await collector.send(await collector.openProducer(driver), count);
    return collector;
  }

  test('sends again only the records that were throttled, and counts them', async () => {
    const collected = await produce((_, input, call) => {
      const { Records } = input as unknown as PutRecords;
      // Of the first request every third fails, of the second the first; then none.
      const fails = (index: number) => (call === 0 ? index % 3 === 0 : call === 1 ? index === 0 : false);
      return {
        body: {
          FailedRecordCount: Records.filter((_record, index) => fails(index)).length,
          Records: Records.map((_record, index) =>
            fails(index)
              ? { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'Rate exceeded' }
              : { SequenceNumber: '1', ShardId: 'shardId-000000000000' },
          ),
        },
      };
    }, 9);
    expect(collected.count('acknowledged')).toBe(9);
    expect(collected.throttled).toBe(4);
    const sent = (fake?.calls ?? []).flatMap(({ input }) =>
      (input as unknown as PutRecords).Records.map(({ Data }) => readSequence(Buffer.from(Data, 'base64'))),
    );
    const times = [...collected.outcomes.keys()].map(
      (sequence) => sent.filter((one) => one === sequence).length,
    );
    expect(times.sort()).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 3]);
  });

  test('counts as failed what is refused for good', async () => {
    const refusal = { __type: 'ValidationException', message: 'no' };
    const collected = await produce(() => ({ status: 400, body: refusal }), 5);
    expect(collected.count('failed')).toBe(5);
    expect(fake?.calls).toHaveLength(1);
  });

  test('sends again after a lost connection', async () => {
    const collected = await produce((_, input, call) => {
      const { Records } = input as unknown as PutRecords;
      if (call === 0) return { body: null, hangUp: true };
      return {
        body: { FailedRecordCount: 0, Records: Records.map(() => ({ SequenceNumber: '1', ShardId: 's' })) },
      };
    }, 5);
    expect(collected.count('acknowledged')).toBe(5);
    expect(collected.throttled).toBe(0);
  });

  test('counts as indeterminate what an error in doubt preceded', async () => {
    const collected = await produce((_, __, call) => {
      if (call === 0) return { body: null, hangUp: true };
      return { status: 400, body: { __type: 'ResourceNotFoundException', message: 'gone' } };
    }, 5);
    expect(collected.count('indeterminate')).toBe(5);
  });

  const takesAll = (_: string, input: Record<string, unknown>) => {
    const { Records } = input as unknown as PutRecords;
    return {
      body: { FailedRecordCount: 0, Records: Records.map(() => ({ SequenceNumber: '1', ShardId: 's' })) },
      afterMs: 20,
    };
  };
  const recordsOfRequests = () =>
    (fake?.calls ?? []).map(({ input }) => (input as unknown as PutRecords).Records.length);

  test('keeps to the limit of records of a request', async () => {
    const collected = await produce(takesAll, 1_201);
    expect(collected.count('acknowledged')).toBe(1_201);
    expect(Math.max(...recordsOfRequests())).toBeLessThanOrEqual(500);
  });

  test.each([
    { lingerMs: 0, requests: [1, 1, 1, 1, 1, 1, 1, 1, 1] },
    // Longer than the test: what sends them is the end.
    { lingerMs: 10_000, requests: [9] },
  ])('fills a request for $lingerMs ms', async ({ lingerMs, requests }) => {
    await produce(takesAll, 9, { lingerMs });
    expect(recordsOfRequests()).toEqual(requests);
  });

  test.each([1, 3])('has %d requests under way at once, if its setting says so', async (requests) => {
    await produce(takesAll, 9, { lingerMs: 0, maxInFlightRequests: requests });
    expect(fake?.mostAtOnce()).toBe(requests);
  });
});

describe('the Kinesis consumer', () => {
  test('goes on after an expired iterator where it was, and reads a split shard’s children once', async () => {
    const iterators: Record<string, unknown>[] = [];
    let reads = 0;
    fake = await startFakeKinesis((operation, input) => {
      if (operation === 'ListShards') {
        return { body: { Shards: [{ ShardId: 'parent' }, { ShardId: 'child', ParentShardId: 'parent' }] } };
      }
      if (operation === 'GetShardIterator') {
        iterators.push(input);
        return { body: { ShardIterator: `${String(input.ShardId)}-${iterators.length}` } };
      }
      if (String(input.ShardIterator).startsWith('child')) {
        return { body: { Records: [], NextShardIterator: 'child-again', MillisBehindLatest: 0 } };
      }
      reads++;
      const record = { Data: Buffer.alloc(40).toString('base64'), PartitionKey: 'k', SequenceNumber: '77' };
      if (reads === 1)
        return { body: { Records: [record], NextShardIterator: 'parent-again', MillisBehindLatest: 0 } };
      if (reads === 2)
        return { status: 400, body: { __type: 'ExpiredIteratorException', message: 'expired' } };
      const ChildShards = [
        {
          ShardId: 'child',
          ParentShards: ['parent'],
          HashKeyRange: { StartingHashKey: '0', EndingHashKey: '9' },
        },
      ];
      return { body: { Records: [], MillisBehindLatest: 0, ChildShards } };
    });
    collector = new Collector(settings, kinesisEndpoint(fake.url, 'stream'), 'session');
    await collector.openConsumers(driver, 1);
    await until('three iterators', () => iterators.length === 3);
    expect(iterators).toMatchObject([
      { ShardId: 'parent', ShardIteratorType: 'TRIM_HORIZON' },
      { ShardId: 'parent', ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: '77' },
      { ShardId: 'child', ShardIteratorType: 'TRIM_HORIZON' },
    ]);
    expect(collector.arrivals).toHaveLength(1);
    expect(collector.broken).toBeNull();
  });
});
