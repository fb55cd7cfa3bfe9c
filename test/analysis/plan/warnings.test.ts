import { expect, test } from '@jest/globals';
import { expectedOfComparison } from '../../../src/analysis/plan/expected-time.ts';
import { fitWarnings } from '../../../src/analysis/plan/warnings.ts';
import { comparisonSchema } from '../../../src/contracts/input/comparison.ts';
import { experimentSchema } from '../../../src/contracts/input/experiment.ts';

function warnings(technology: string, settings: object, workload: object = {}): string[] {
  const load = { shape: 'constant', messagesPerSecond: 4_000 };
  return fitWarnings(
    experimentSchema.parse({ name: 'mine', technology, settings, workload: { load, ...workload } }),
  );
}

const search = (probeSeconds: number, resolutionPercent: number) => ({
  shape: 'capacity-search',
  probeSeconds,
  resolutionPercent,
});
const replicated = { brokers: 3, replicationFactor: 3 };
const zipf = (exponent: number) => ({ keys: { distribution: 'zipf', cardinality: 100_000, exponent } });

const uniform = { keys: { distribution: 'uniform', cardinality: 1_000 } };
const maxBytes = (bytes: number) => ({ serverProperties: { 'message.max.bytes': bytes } });
/** Segments that a partition fills soon. */
const kept = (serverProperties: object) => ({
  acks: 1,
  serverProperties: { 'log.segment.bytes': 2_000_000, ...serverProperties },
});

test.each<[string, object, object, RegExp[]]>([
  ['kafka', { acks: 1 }, {}, []],
  ['kafka', {}, {}, [/^mine: acks all with one replica waits for the leader alone, as acks 1 does\.$/]],
  ['kafka', replicated, {}, [/min\.insync\.replicas 1 also acknowledges what only one replica has/]],
  ['kafka', { ...replicated, serverProperties: { 'min.insync.replicas': 2 } }, {}, []],
  [
    'kafka',
    { ...replicated, serverProperties: { 'min.insync.replicas': 2 }, idempotence: true },
    {},
    [/idempotent producer of kafkajs sends one request at a time/],
  ],
  ['kafka', { acks: 1, partitions: 2 }, { consumers: 3 }, [/1 consumer of 3 will get nothing/]],
  [
    'kafka',
    { acks: 1, partitions: 8 },
    { keys: { distribution: 'uniform', cardinality: 3 } },
    [/3 keys cannot reach all 8/],
  ],
  [
    'kafka',
    { acks: 1, serverProperties: { 'message.max.bytes': 20_000 }, partitions: 400 },
    { consumers: 2 },
    [
      /^mine: message.max.bytes 20000 also bounds what the brokers keep of the group of 2 consumers, some 30200 bytes/,
    ],
  ],
  [
    'kafka',
    { acks: 1, batchSizeBytes: 500, ...maxBytes(1_500) },
    { messageSizeBytes: 100, consumers: 2 },
    [],
  ],
  [
    'kafka',
    { acks: 1, batchSizeBytes: 500, ...maxBytes(600) },
    { messageSizeBytes: 100, consumers: 2 },
    [/also bounds what the brokers keep/],
  ],
  [
    'kafka',
    { acks: 1, batchSizeBytes: 500, ...maxBytes(600), consumerClient: 'flat' },
    { messageSizeBytes: 100, consumers: 2 },
    [],
  ],
  ['kafka', kept({ 'log.retention.ms': 1_000 }), {}, [/^mine: with log.retention.ms 1000 .* are lost\.$/]],
  ['kafka', kept({ 'log.retention.ms': -1 }), {}, []],
  ['kafka', kept({ 'log.retention.ms': 3_600_000 }), {}, []],
  ['kafka', kept({ 'log.retention.ms': 1_000, 'log.cleanup.policy': 'compact' }), uniform, []],
  ['kafka', kept({ 'log.retention.ms': 1_000 }), { durationSeconds: 15, maxWarmupSeconds: 10 }, []],
  ['kafka', kept({ 'log.retention.ms': 1_000, 'log.segment.bytes': 1_000_000_000 }), {}, []],
  ['kafka', kept({ 'log.retention.bytes': 1_000_000 }), {}, [/with log.retention.bytes 1000000 .* are lost/]],
  ['kafka', kept({ 'log.retention.bytes': 1_000_000_000 }), {}, []],
  ['kafka', kept({ 'log.retention.bytes': 1_000_000_000 }), { load: search(8, 5) }, [/may delete messages/]],
  ['nats', {}, {}, []],
  ['nats', {}, { load: search(8, 5) }, []],
  [
    'nats',
    { subjects: 1 },
    { consumers: 2 },
    [/1 consumer of 2 will get nothing, for there is 1 partition\.$/],
  ],
  [
    'nats',
    {},
    { load: search(2, 5) },
    [/probes of 2 s show an overload from 11\.1% on at best.* takes probeSeconds of 5\.$/],
  ],
  ['nats', {}, { load: search(10, 0.5) }, [/from 1\.7% on.* takes probeSeconds of 31\.$/]],
  ['nats', { storage: 'memory', syncInterval: 'always' }, {}, [/syncInterval always does nothing/]],
  ['kinesis', {}, {}, []],
  ['kinesis', {}, zipf(0.5), []],
  ['kinesis', {}, zipf(2), [/the most frequent key alone comes 2,431\.7 times a second.* takes 1,000/]],
  ['kinesis', {}, { keys: { distribution: 'uniform', cardinality: 1_000 } }, []],
  [
    'kinesis',
    {},
    { ...zipf(2), load: { shape: 'steps', steps: [{ messagesPerSecond: 100, seconds: 9 }] } },
    [],
  ],
  [
    'kinesis',
    { shards: 50 },
    { ...zipf(2), load: { ...search(8, 5), maxMessagesPerSecond: 50_000 } },
    [
      /^mine: the most frequent key alone fills a shard from 1,644.9 messages\/s on, for one shard takes 1,000: .*do\.$/,
    ],
  ],
  ['kinesis', { shards: 50 }, { ...zipf(2), load: { ...search(8, 5), maxMessagesPerSecond: 1_600 } }, []],
  ['kinesis', { shards: 1 }, { ...zipf(2), load: search(8, 5) }, []],
  ['kinesis', { shards: 4 }, { ...uniform, load: search(8, 5) }, []],
])('%s with %j and %j', (technology, settings, workload, expected) => {
  expect(warnings(technology, settings, workload)).toEqual(expected.map((one) => expect.stringMatching(one)));
});

test('a comparison warns where its variants do not promise the same', () => {
  const comparison = comparisonSchema.parse({
    name: 'both',
    workload: { load: { shape: 'constant', messagesPerSecond: 100 } },
    variants: [
      { name: 'one', technology: 'nats' },
      { name: 'three', technology: 'nats', settings: { replicas: 3 } },
    ],
  });
  expect(expectedOfComparison(comparison).warnings).toEqual([
    expect.stringContaining('survives the loss of a node with: three. It may be lost with: one.'),
  ]);
});
