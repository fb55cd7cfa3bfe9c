import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  PutRecordCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { connectKinesis } from '../../../../../loadgen/drivers/kinesis/connection.ts';
import { failureOfRequest } from '../../../../../loadgen/drivers/kinesis/errors.ts';
import { createQuotaProxy } from '../../../../../terraform/kinesis/local/quota-proxy/proxy.ts';
import {
  type FakeAnswer,
  type FakeKinesis,
  startFakeKinesis,
} from '../../../../loadgen/support/fake-kinesis.ts';
import { testAwsEnvironment } from '../../../../loadgen/support/servers.ts';

const end = String(2n ** 128n - 1n);
const half = 2n ** 127n;
const shards = [
  ['shardId-000000000000', '0', String(half - 1n)],
  ['shardId-000000000001', String(half), end],
].map(([ShardId, StartingHashKey, EndingHashKey]) => ({
  ShardId,
  HashKeyRange: { StartingHashKey, EndingHashKey },
  SequenceNumberRange: { StartingSequenceNumber: '1' },
}));
/** Explicit hash keys of the two shards. */
const first = '0';
const second = end;

let fake: FakeKinesis | null = null;
let proxy: Server | null = null;
let client: KinesisClient | null = null;
let nowMs = 0;

// The SDK finds credentials here.
beforeAll(() => void Object.assign(process.env, testAwsEnvironment));

afterEach(async () => {
  client?.destroy();
  proxy?.closeAllConnections();
  await new Promise((resolve) => proxy?.close(resolve));
  await fake?.close();
});

/** A client of a proxy in front of an upstream that has a stream of two shards, and else answers as the test says. */
async function clientOf(
  answer: (operation: string, input: Record<string, unknown>, call: number) => FakeAnswer,
): Promise<KinesisClient> {
  fake = await startFakeKinesis((operation, input, call) => {
    if (operation === 'ListShards') return { body: { Shards: shards } };
    if (operation === 'DescribeStreamSummary') {
      const StreamARN = `arn:aws:kinesis:us-east-1:123456789012:stream/${input.StreamName}`;
      return {
        body: { StreamDescriptionSummary: { StreamARN, StreamModeDetails: { StreamMode: 'PROVISIONED' } } },
      };
    }
    return answer(operation, input, call);
  });
  const server = createQuotaProxy(fake.url, () => nowMs);
  proxy = server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpointUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = connectKinesis({ access: { region: 'us-east-1', endpoint: endpointUrl } }, 10);
  return client;
}

const record = (ExplicitHashKey: string, bytes = 10) => ({
  PartitionKey: 'k',
  ExplicitHashKey,
  Data: Buffer.alloc(bytes),
});

/** Answers PutRecords by what each record's data says. */
function taken(_: string, input: Record<string, unknown>): FakeAnswer {
  const { Records } = input as { Records: { ExplicitHashKey: string }[] };
  const answers = Records.map(({ ExplicitHashKey }, index) => ({
    SequenceNumber: String(index),
    ShardId: shards[ExplicitHashKey === first ? 0 : 1]?.ShardId,
  }));
  return { body: { FailedRecordCount: 0, Records: answers, EncryptionType: 'NONE' } };
}

const calls = (operation: string) => (fake?.calls ?? []).filter((call) => call.operation === operation);

const tooMuch = (shardId: string) => ({
  ErrorCode: 'ProvisionedThroughputExceededException',
  ErrorMessage: `Rate exceeded for shard ${shardId} in stream mine under account 123456789012.`,
});

describe('PutRecords', () => {
  test('passes on what is within the quotas, and refuses the rest by the shard, in order', async () => {
    const kinesis = await clientOf(taken);
    // A quarter of a second's bytes each: four fit.
    const Records = Array.from({ length: 12 }, (_, index) =>
      record(index % 2 === 0 ? first : second, 250_000),
    );
    const answer = await kinesis.send(new PutRecordsCommand({ StreamName: 'mine', Records }));
    expect(answer.FailedRecordCount).toBe(4);
    expect(answer.Records?.map(({ ErrorCode }) => ErrorCode !== undefined)).toEqual(
      Records.map((_, index) => index >= 8),
    );
    expect(answer.Records?.slice(0, 2).map(({ ShardId }) => ShardId)).toEqual(
      shards.map(({ ShardId }) => ShardId),
    );
    expect(answer.Records?.slice(-2)).toEqual(shards.map(({ ShardId }) => tooMuch(ShardId as string)));
    expect(calls('PutRecords')[0]?.input.Records).toHaveLength(8);
    // Nothing is left: the next does not even reach the emulator.
    const again = await kinesis.send(
      new PutRecordsCommand({ StreamName: 'mine', Records: [record(first, 250_000)] }),
    );
    expect(again).toMatchObject({ FailedRecordCount: 1, Records: [tooMuch(shards[0]?.ShardId as string)] });
    expect(calls('PutRecords')).toHaveLength(1);
    nowMs += 1_000;
    const later = await kinesis.send(
      new PutRecordsCommand({ StreamName: 'mine', Records: [record(first, 250_000)] }),
    );
    expect(later).toMatchObject({ FailedRecordCount: 0, Records: [{ ShardId: shards[0]?.ShardId }] });
  });

  test('finds the shard by the partition key, and the stream by its ARN', async () => {
    const kinesis = await clientOf(taken);
    // MD5 of `partition` begins with 7, that of the empty text with d: one shard each.
    const Records = ['partition', 'partition', 'a', 'partition'].map((PartitionKey) => ({
      PartitionKey,
      Data: Buffer.alloc(PartitionKey === 'partition' ? 600_000 : 10),
    }));
    const answer = await kinesis.send(
      new PutRecordsCommand({ StreamARN: 'arn:aws:kinesis:us-east-1:123456789012:stream/mine', Records }),
    );
    expect(answer.Records?.map(({ ErrorMessage }) => ErrorMessage?.slice(0, 44))).toEqual([
      undefined,
      'Rate exceeded for shard shardId-000000000000',
      undefined,
      'Rate exceeded for shard shardId-000000000000',
    ]);
  });

  test('hands back the emulator’s own refusals, and counts them', async () => {
    const kinesis = await clientOf((_, input) => {
      const Records = (input.Records as object[]).map(() => ({
        ErrorCode: 'InternalFailure',
        ErrorMessage: 'oh',
      }));
      return { body: { FailedRecordCount: Records.length, Records } };
    });
    const Records = [record(first, 900_000), record(first, 900_000)];
    const answer = await kinesis.send(new PutRecordsCommand({ StreamName: 'mine', Records }));
    expect(answer).toMatchObject({
      FailedRecordCount: 2,
      Records: [{ ErrorCode: 'InternalFailure' }, { ErrorCode: 'ProvisionedThroughputExceededException' }],
    });
  });

  test('leaves a request beyond its own limits to the emulator, and counts nothing of it', async () => {
    const refusal = { status: 400, body: { __type: 'ValidationException', message: 'too many' } };
    const kinesis = await clientOf((operation, input) =>
      (input.Records as object[]).length > 500 ? refusal : taken(operation, input),
    );
    const Records = Array.from({ length: 501 }, () => record(first));
    const send = (count: number) =>
      kinesis.send(new PutRecordsCommand({ StreamName: 'mine', Records: Records.slice(0, count) }));
    await expect(send(501)).rejects.toThrow('too many');
    expect(await send(500)).toMatchObject({ FailedRecordCount: 0 });
    expect(await send(500)).toMatchObject({ FailedRecordCount: 0 });
    expect(await send(1)).toMatchObject({ FailedRecordCount: 1 });
  });

  test('breaks off when the emulator does, for nobody knows then what was taken', async () => {
    const kinesis = await clientOf(() => ({ body: null, hangUp: true }));
    const log = jest.spyOn(console, 'error').mockImplementation(() => {});
    const send = kinesis.send(new PutRecordsCommand({ StreamName: 'mine', Records: [record(first)] }));
    const failure = failureOfRequest(await send.catch((error) => error));
    expect(failure).toMatchObject({ kind: 'in-doubt', retriable: true });
    expect(log).toHaveBeenCalledWith('PutRecords could not be passed on: socket hang up');
    log.mockRestore();
  });
});

test('PutRecord is refused whole', async () => {
  const kinesis = await clientOf(() => ({ body: { SequenceNumber: '1', ShardId: 's' } }));
  const send = () => kinesis.send(new PutRecordCommand({ StreamName: 'mine', ...record(second, 900_000) }));
  expect(await send()).toMatchObject({ SequenceNumber: '1' });
  await expect(send()).rejects.toMatchObject({
    name: 'ProvisionedThroughputExceededException',
    message: tooMuch(shards[1]?.ShardId as string).ErrorMessage,
    $metadata: { httpStatusCode: 400 },
  });
  expect(calls('PutRecord')).toHaveLength(1);
});

describe('GetRecords', () => {
  const stored = (count: number, bytes: number) =>
    Array.from({ length: count }, (_, index) => ({
      SequenceNumber: String(index),
      ApproximateArrivalTimestamp: 1,
      PartitionKey: 'k',
      Data: Buffer.alloc(bytes).toString('base64'),
    }));

  /** Answers reads with these records, each time again. */
  const readsOf =
    (Records: object[]) =>
    (operation: string, input: Record<string, unknown>, call: number): FakeAnswer =>
      operation === 'GetShardIterator'
        ? { body: { ShardIterator: `${input.ShardId}-${call}` } }
        : { body: { Records, NextShardIterator: `${input.ShardIterator}+`, MillisBehindLatest: 0 } };

  async function iteratorOf(
    kinesis: KinesisClient,
    ShardId: string | undefined,
  ): Promise<string | undefined> {
    const input = { StreamName: 'mine', ShardId, ShardIteratorType: 'TRIM_HORIZON' as const };
    return (await kinesis.send(new GetShardIteratorCommand(input))).ShardIterator;
  }

  const refusal = { name: 'ProvisionedThroughputExceededException', $metadata: { httpStatusCode: 400 } };

  test('lets five calls a second through to each shard, along its iterators', async () => {
    const kinesis = await clientOf(readsOf([]));
    const [one, other] = await Promise.all(shards.map(({ ShardId }) => iteratorOf(kinesis, ShardId)));
    let ShardIterator = one;
    for (let call = 0; call < 5; call++) {
      ShardIterator = (await kinesis.send(new GetRecordsCommand({ ShardIterator }))).NextShardIterator;
    }
    await expect(kinesis.send(new GetRecordsCommand({ ShardIterator }))).rejects.toMatchObject({
      ...refusal,
      message: tooMuch(shards[0]?.ShardId as string).ErrorMessage,
    });
    expect(await kinesis.send(new GetRecordsCommand({ ShardIterator: other }))).toMatchObject({
      Records: [],
    });
    expect(calls('GetRecords')).toHaveLength(6);
  });

  test('refuses a shard’s readers once it has given 2 MiB', async () => {
    const kinesis = await clientOf(readsOf(stored(2, 1024 * 1024)));
    const ShardIterator = await iteratorOf(kinesis, shards[0]?.ShardId);
    expect((await kinesis.send(new GetRecordsCommand({ ShardIterator }))).Records).toHaveLength(2);
    await expect(kinesis.send(new GetRecordsCommand({ ShardIterator }))).rejects.toMatchObject(refusal);
  });

  test('returns at most 10 MiB a call, and goes on after the last', async () => {
    const kinesis = await clientOf(readsOf(stored(12, 1024 * 1024)));
    const ShardIterator = await iteratorOf(kinesis, shards[0]?.ShardId);
    const answer = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    expect(answer.Records?.map(({ SequenceNumber }) => SequenceNumber)).toEqual(
      Array.from({ length: 10 }, (_, index) => String(index)),
    );
    expect(answer.MillisBehindLatest).toBeGreaterThan(0);
    expect(calls('GetShardIterator')[1]?.input).toEqual({
      StreamName: 'mine',
      ShardId: shards[0]?.ShardId,
      ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
      StartingSequenceNumber: '9',
    });
    expect(answer.NextShardIterator).toBe('shardId-000000000000-1');
  });

  test('knows no iterator but those it has seen', async () => {
    const kinesis = await clientOf(readsOf([]));
    await expect(kinesis.send(new GetRecordsCommand({ ShardIterator: 'foreign' }))).rejects.toMatchObject({
      name: 'ExpiredIteratorException',
    });
  });
});

test('everything else passes untouched, errors too', async () => {
  const refusal = { status: 400, body: { __type: 'ResourceNotFoundException', message: 'no such stream' } };
  const kinesis = await clientOf((operation) =>
    operation === 'DescribeStream' ? { body: { StreamDescription: { StreamName: 'mine' } } } : refusal,
  );
  expect(
    (await kinesis.send(new DescribeStreamCommand({ StreamName: 'mine' }))).StreamDescription,
  ).toMatchObject({
    StreamName: 'mine',
  });
  expect(fake?.calls.map(({ operation }) => operation)).toEqual(['DescribeStream']);
  await expect(kinesis.send(new PutRecordCommand({ StreamName: 'mine', ...record(first) }))).rejects.toThrow(
    'no such stream',
  );
});

test('requests of web pages and foreign hosts never reach the emulator', async () => {
  await clientOf(() => ({ body: {} }));
  const { port } = (proxy as Server).address() as AddressInfo;
  const ask = (headers: Record<string, string>) =>
    new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, method: 'POST', headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .once('error', reject)
        .end();
    });
  expect(await ask({ origin: 'https://evil.example' })).toBe(403);
  expect(await ask({ 'sec-fetch-site': 'cross-site' })).toBe(403);
  expect(await ask({ host: 'evil.example' })).toBe(403);
  expect(fake?.calls).toEqual([]);
});
