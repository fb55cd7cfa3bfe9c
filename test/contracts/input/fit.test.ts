import { describe, expect, test } from '@jest/globals';
import { comparisonSchema } from '../../../src/contracts/input/comparison.ts';
import { experimentSchema } from '../../../src/contracts/input/experiment.ts';
import { parseInput } from '../../../src/contracts/input/problem.ts';

const load = { shape: 'constant', messagesPerSecond: 100 };

function faults(technology: string, settings: object, workload: object): [string, string][] {
  const document = { name: 'x', technology, settings, workload: { load, ...workload } };
  const parsed = parseInput(experimentSchema, document);
  return parsed.ok ? [] : parsed.errors.map(({ pointer, detail }) => [pointer, detail]);
}

const properties = (serverProperties: object) => ({ serverProperties });
const byBroker = (codec: string) => properties({ 'compression.type': codec });
const keyed = { keys: { distribution: 'uniform', cardinality: 1_000 } };
const size = (messageSizeBytes: number) => ({ messageSizeBytes });
const compressible = { payload: { content: 'compressible', compressionRatio: 4 } };

describe('the largest message that settings take', () => {
  test.each<[string, object, object, string | null]>([
    ['kafka', {}, size(1_048_516), null],
    ['kafka', {}, size(1_048_517), '1,048,516'],
    ['kafka', {}, size(1_048_576), '1,048,516'],
    ['kafka', {}, { ...size(1_048_576), ...keyed }, '1,048,509'],
    ['kafka', properties({ 'message.max.bytes': 2_097_152 }), size(1_048_576), null],
    ['kafka', properties({ 'message.max.bytes': '2097152' }), size(1_048_576), null],
    ['kafka', properties({ 'message.max.bytes': 600 }), size(1_024), '530'],
    ['kafka', { compression: 'zstd' }, size(1_048_516), '1,047,428'],
    ['kafka', { compression: 'zstd' }, { ...size(1_048_576), ...compressible }, null],
    ['kafka', byBroker('gzip'), size(1_048_516), '1,047,428'],
    ['kafka', byBroker('lz4'), size(1_048_516), '1,047,428'],
    ['kafka', byBroker('producer'), size(1_048_516), null],
    ['kafka', { ...byBroker('uncompressed'), compression: 'zstd' }, size(1_048_516), '1,047,428'],
    ['kinesis', {}, size(1_048_563), null],
    ['kinesis', {}, size(1_048_576), '1,048,563'],
    ['kinesis', {}, { ...size(1_048_576), ...keyed }, '1,048,569'],
    ['nats', {}, size(1_048_576), null],
    ['nats', {}, size(2_096_128), null],
    ['nats', {}, size(2_097_152), '2,096,128'],
    ['nats', { deduplicationWindowSeconds: 60 }, { ...size(1_048_576), ...keyed }, null],
  ])('%s with %j and %j', (technology, settings, workload, most) => {
    expect(faults(technology, settings, workload)).toEqual(
      most === null
        ? []
        : [['/workload/messageSizeBytes', expect.stringContaining(`must be at most ${most}:`)]],
    );
  });
});

describe('the largest batch that a broker takes', () => {
  test.each<[object, object, string | null]>([
    [{ batchSizeBytes: 1_048_576 }, {}, null],
    [{ batchSizeBytes: 1_048_588 }, {}, null],
    [{ batchSizeBytes: 1_048_589 }, {}, '1,048,588'],
    [{ batchSizeBytes: 1_048_576, compression: 'zstd' }, {}, '1,047,500'],
    [{ batchSizeBytes: 1_047_000, compression: 'zstd' }, {}, null],
    [{ batchSizeBytes: 2_000_000, compression: 'zstd' }, compressible, null],
    [
      { batchSizeBytes: 2_000_000, compression: 'zstd', ...byBroker('uncompressed') },
      compressible,
      '1,048,588',
    ],
    [{ batchSizeBytes: 2_000_000, compression: 'zstd', ...byBroker('lz4') }, compressible, null],
    [{ batchSizeBytes: 2_000_000, ...byBroker('zstd') }, compressible, '1,048,588'],
    [{ batchSizeBytes: 2_000_000, ...properties({ 'message.max.bytes': 3_000_000 }) }, {}, null],
    [properties({ 'message.max.bytes': 10_000 }), {}, '10,000'],
    [
      {
        batchSizeBytes: 2_000_000,
        ...properties({ 'message.max.bytes': 3_000_000, 'log.segment.bytes': 1_500_000 }),
      },
      {},
      '1,500,000',
    ],
  ])('with %j and %j', (settings, workload, most) => {
    expect(faults('kafka', settings, workload)).toEqual(
      most === null
        ? []
        : [['/settings/batchSizeBytes', expect.stringContaining(`must be at most ${most}:`)]],
    );
  });

  test('a request must fit through the socket', () => {
    const socket = (bytes: number) => properties({ 'socket.request.max.bytes': bytes });
    expect(faults('kafka', socket(200_000), {})).toEqual([]);
    expect(faults('kafka', { ...socket(200_000), batchSizeBytes: 500_000 }, {})).toEqual([
      [
        '/settings/serverProperties/socket.request.max.bytes',
        expect.stringContaining('must be at least 1,114,112'),
      ],
    ]);
  });
});

test.each(['compact', 'compact,delete', 'delete,compact'])(
  'a topic that is cleaned up by %s takes no message without a key',
  (policy) => {
    const settings = properties({ 'log.cleanup.policy': policy });
    expect(faults('kafka', settings, keyed)).toEqual([]);
    expect(faults('kafka', settings, {})).toEqual([
      ['/workload/keys', expect.stringMatching(/^must not be none: .* INVALID_RECORD/)],
    ]);
  },
);

test.each<[object, string, string]>([
  [{ 'message.max.bytes': 'lots' }, 'message.max.bytes', 'must be a number, not text'],
  [{ 'message.max.bytes': 1.5 }, 'message.max.bytes', 'must be a whole number, not 1.5'],
  [{ 'message.max.bytes': 2 ** 31 }, 'message.max.bytes', 'must be at most 2147483647'],
  [{ 'log.retention.ms': 0 }, 'log.retention.ms', 'must be -1, for no limit, or more than 0'],
  [
    { 'replica.lag.time.max.ms': 400 },
    'replica.fetch.wait.max.ms',
    'must be at most replica.lag.time.max.ms (400)',
  ],
  [{ 'num.io.threads': 0 }, 'num.io.threads', 'must be at least 1'],
  [{ 'log.segment.bytes': '1024' }, 'log.segment.bytes', 'must be at least 1048576'],
  [
    { 'compression.type': 'brotli' },
    'compression.type',
    'must be one of producer, uncompressed, gzip, snappy, lz4, zstd',
  ],
  [
    { 'unclean.leader.election.enable': 'perhaps' },
    'unclean.leader.election.enable',
    'must be true or false, not text',
  ],
  [{ 'log.dirs': '/' }, 'log.dirs', 'is not known here; known here: background.threads'],
])('a broker property is checked as the broker would: %j', (given, name, detail) => {
  expect(faults('kafka', properties(given), {})).toEqual([
    [`/settings/serverProperties/${name}`, expect.stringContaining(detail)],
  ]);
});

test('replicas that are asked for must be there', () => {
  const inSync = (replicas: number) => properties({ 'min.insync.replicas': replicas });
  const pointer = '/settings/serverProperties/min.insync.replicas';
  expect(faults('kafka', { ...inSync(2), acks: 1 }, {})).toEqual([
    [pointer, '2 exceeds brokers (1): no consumer could join its group'],
  ]);
  expect(faults('kafka', { ...inSync(2), brokers: 3, replicationFactor: 1 }, {})).toEqual([
    [pointer, '2 exceeds replicationFactor (1): no message could be acknowledged'],
  ]);
  expect(faults('kafka', { ...inSync(2), brokers: 3, replicationFactor: 1, acks: 1 }, {})).toEqual([]);
});

test('more messages than can be accounted for are refused, however they come about', () => {
  const day = 86_400;
  const pointers = (workload: object) => faults('nats', {}, workload).map(([pointer]) => pointer);
  expect(pointers({ load: { ...load, messagesPerSecond: 10_000_000 }, durationSeconds: day })).toEqual([
    '/workload',
  ]);
  expect(pointers({ load: { ...load, messagesPerSecond: 1_000_000 }, durationSeconds: day })).toEqual([]);
  const steps = [
    { messagesPerSecond: 10_000_000, seconds: 9_000 },
    { messagesPerSecond: 10_000_000, seconds: 9_000 },
  ];
  expect(pointers({ load: { shape: 'steps', steps } })).toEqual(['/workload']);
  const search = { shape: 'capacity-search', maxMessagesPerSecond: 10_000_000 };
  expect(pointers({ load: search, durationSeconds: day })).toEqual(['/workload']);
  expect(pointers({ load: search })).toEqual([]);
});

test('of a comparison it is said which variant cannot carry the load', () => {
  const document = {
    name: 'x',
    workload: { load, messageSizeBytes: 1_048_576 },
    variants: [
      { name: 'fits', technology: 'nats' },
      { name: 'too small', technology: 'kafka' },
      {
        name: 'too large a batch',
        technology: 'kafka',
        settings: { batchSizeBytes: 9_000_000, serverProperties: { 'message.max.bytes': 2_000_000 } },
      },
    ],
  };
  const parsed = parseInput(comparisonSchema, document);
  expect(parsed.ok ? [] : parsed.errors).toEqual([
    {
      pointer: '/workload/messageSizeBytes',
      detail: expect.stringMatching(/^too small: must be at most 1,048,516:/),
    },
    {
      pointer: '/variants/2/settings/batchSizeBytes',
      detail: expect.stringMatching(/^must be at most 2,000,000:/),
    },
  ]);
});
