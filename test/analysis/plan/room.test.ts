import { expect, test } from '@jest/globals';
import { expectedOfComparison, expectedOfExperiment } from '../../../src/analysis/plan/expected-time.ts';
import { roomProblems, takenBytes } from '../../../src/analysis/plan/room.ts';
import { type ExperimentSpec, experimentSchema } from '../../../src/contracts/input/experiment.ts';
import { variantExperiment } from '../../../src/contracts/input/grid/grid.ts';
import { comparisonSpec } from '../../support/documents.ts';

function spec(technology: string, settings: object, workload: object = {}): ExperimentSpec {
  return experimentSchema.parse({
    name: 'a day',
    technology,
    settings,
    workload: {
      load: { shape: 'constant', messagesPerSecond: 100_000 },
      messageSizeBytes: 1_000,
      warmupSeconds: 5,
      maxWarmupSeconds: 10,
      durationSeconds: 86_390,
      ...workload,
    },
  });
}

const messages = 100_000 * 86_400;
/** With a record's framing, which is at least this, and its share of the header of a batch, of 16 at this rate. */
const framed = 1_000 + 9;
const header = 61 / 16;
const record = framed + header;
const copy = messages * record;
const squeezed = messages * (framed / 4 + header);
const kept = messages * (1_000 + 62);
const compressible = { payload: { content: 'compressible', compressionRatio: 4 } };
const keyed = { keys: { distribution: 'uniform', cardinality: 1_000 } };

test.each([
  ['one copy', spec('kafka', {}), copy],
  ['keys too', spec('kafka', {}, keyed), copy + messages * 'key-999'.length],
  ['every copy', spec('kafka', { brokers: 3, replicationFactor: 3 }), 3 * copy],
  ['what is left once compressed', spec('kafka', { compression: 'zstd' }, compressible), squeezed],
  ['all of what is not compressed', spec('kafka', {}, compressible), copy],
  [
    'what is left once the broker has compressed it',
    spec('kafka', { serverProperties: { 'compression.type': 'lz4' } }, compressible),
    squeezed,
  ],
  [
    'what Kafka is told to keep, a segment of each partition, and what came until it was deleted',
    spec('kafka', {
      partitions: 2,
      brokers: 3,
      replicationFactor: 3,
      serverProperties: { 'log.retention.bytes': '1000000', 'log.segment.bytes': 2_000_000 },
    }),
    3 * (2 * 3_000_000 + 35 * 100_000 * record),
  ],
  [
    'the time that Kafka is told to keep',
    spec('kafka', { partitions: 1, serverProperties: { 'log.retention.ms': 60_000 } }),
    2 ** 30 + 95 * 100_000 * record,
  ],
  ['all of no limit', spec('kafka', { serverProperties: { 'log.retention.ms': -1 } }), copy],
  [
    'all of a load that ends before anything is deleted',
    spec('kafka', { serverProperties: { 'log.retention.bytes': 1_000 } }, { durationSeconds: 20 }),
    30 * 100_000 * record,
  ],
  [
    'all that is compacted and never deleted',
    spec(
      'kafka',
      { serverProperties: { 'log.retention.bytes': 1_000, 'log.cleanup.policy': 'compact' } },
      keyed,
    ),
    copy + messages * 'key-999'.length,
  ],
  ['every replica', spec('nats', { replicas: 3 }), 3 * kept],
  ['nothing that is kept in memory', spec('nats', { storage: 'memory' }), 0],
  ['nothing that is deleted once received', spec('nats', { retention: 'workqueue' }), 0],
  ['nothing of an emulated stream', spec('kinesis', {}), 0],
])('the disk holds %s', (_, experiment, bytes) => {
  expect(takenBytes(experiment).disk).toBeCloseTo(bytes, 0);
});

const perSecond = (messagesPerSecond: number) => ({
  load: { shape: 'constant', messagesPerSecond },
  warmupSeconds: 0,
  maxWarmupSeconds: 0,
  durationSeconds: 1_000,
});

test.each<[string, object, object, number]>([
  ['each message', { lingerMs: 0 }, perSecond(100), 1],
  ['each message that comes after the one before has gone', {}, perSecond(100), 1],
  ['each message that is too large for two', { batchSizeBytes: 1_000 }, perSecond(10_000), 1],
  ['what comes while the first of it lingers', {}, perSecond(1_000), 6],
  ['what of it one producer sends', {}, { ...perSecond(1_000), producers: 2 }, 3],
  ['what came due together', { lingerMs: 0 }, perSecond(5_000), 6],
  ['what fills it', { lingerMs: 1_000 }, perSecond(1_000), 16],
  [
    'each partition whose keys are among what lingers',
    { partitions: 1_000 },
    { ...perSecond(1_000), keys: { distribution: 'uniform', cardinality: 1_000_000 } },
    1.0025,
  ],
])('a batch of Kafka has a header on the disk, and there is one for %s', (_, settings, workload, share) => {
  const experiment = spec('kafka', settings, workload);
  const { load } = experiment.workload;
  const count = 1_000 * (load.shape === 'constant' ? load.messagesPerSecond : 0);
  const keyBytes = experiment.workload.keys.distribution === 'none' ? 0 : 'key-999999'.length;
  const batches = takenBytes(experiment).disk - count * (framed + keyBytes);
  expect(batches / count).toBeCloseTo(61 / share, 1);
});

test('each step of a load fills its batches by its own rate, and a warm-up by its', () => {
  const steps = [
    { messagesPerSecond: 100, seconds: 500 },
    { messagesPerSecond: 100_000, seconds: 10 },
  ];
  const workload = { load: { shape: 'steps', steps }, warmupSeconds: 10, durationSeconds: undefined };
  const slow = 100 * 510 * (framed + 61);
  expect(takenBytes(spec('kafka', {}, workload)).disk).toBeCloseTo(slow + 100_000 * 10 * record, 0);
});

test('an experiment that does not fit on the disk is told so, with both figures', () => {
  const memoryBytes = 64e9;
  expect(roomProblems(spec('kafka', {}), { diskBytes: copy, memoryBytes })).toEqual([]);
  expect(roomProblems(spec('kafka', {}), { diskBytes: 200e9, memoryBytes })).toEqual([
    'a day: its messages take 8,750.7 GB on the disk, of which 200 GB are free. ' +
      'Lower the rate, the size, the duration or maxWarmupSeconds, or bound what the product keeps.',
  ]);
  expect(roomProblems(spec('nats', {}), { diskBytes: kept, memoryBytes })).toEqual([
    'a day: its messages take 9,175.7 GB on the disk, of which 9,175.7 GB are free, and NATS JetStream uses no more than 75% of that. ' +
      'Lower the rate, the size, the duration or maxWarmupSeconds, or bound what the product keeps.',
  ]);
});

const room = { diskBytes: 1e15, memoryBytes: 25e9 };
const short = { durationSeconds: 10 };

test.each<[string, ExperimentSpec, RegExp[]]>([
  ['one broker of 16 GiB', spec('kafka', { heapMegabytes: 16_384 }, short), []],
  [
    'three of them',
    spec('kafka', { brokers: 3, heapMegabytes: 16_384 }, short),
    [/takes 51.5 GB of memory \(51.5 GB reserved by its servers.*and the machine has 25 GB/],
  ],
  [
    'a stream in memory',
    spec('nats', { storage: 'memory' }, { durationSeconds: 190 }),
    [
      /its messages take 21.2 GB of memory, and the machine has 25 GB, and NATS JetStream uses no more than 75%/,
    ],
  ],
  ['less of it', spec('nats', { storage: 'memory' }, { durationSeconds: 90 }), []],
  [
    'what becomes of each of too many messages',
    spec(
      'nats',
      { retention: 'workqueue' },
      {
        load: { shape: 'constant', messagesPerSecond: 1_000_000 },
      },
    ),
    [/32.4 GB to account for each of them/],
  ],
])('the memory of the machine bounds %s', (_, experiment, problems) => {
  expect(roomProblems(experiment, room)).toEqual(problems.map((problem) => expect.stringMatching(problem)));
});

const accounted = (messages: number) => (messages * 3) / 8;

test.each<[string, ExperimentSpec, Partial<ReturnType<typeof takenBytes>>]>([
  [
    'what an emulated stream takes by its quotas',
    spec('kinesis', { shards: 2 }, short),
    { inMemory: 2_000 * 20 * 1_013 },
  ],
  [
    'all of an emulated stream without quotas',
    spec('kinesis', { enforceQuotas: false }, short),
    { inMemory: 100_000 * 20 * 1_013 },
  ],
  [
    'each load generator accounting for every message',
    spec('nats', {}, { ...short, producers: 3, consumers: 3, generators: 3 }),
    { ledger: 3 * accounted(100_000 * 20) },
  ],
  [
    'one rung of a ladder at a time',
    spec('nats', {}, { ...short, load: { shape: 'ladder', ratesMessagesPerSecond: [1_000, 2_000, 4_000] } }),
    { ledger: accounted(1_000 * 10 + 4_000 * 10) },
  ],
  [
    'the ids of a deduplication window',
    spec('nats', { replicas: 3, deduplicationWindowSeconds: 5 }, short),
    { reserved: 3 * 160 * 100_000 * 5, disk: 3 * (1_000 + 62 + 80) * 100_000 * 20 },
  ],
])('the memory holds %s', (_, experiment, taken) => {
  expect(takenBytes(experiment)).toMatchObject(taken);
});

test('a bound that is no limit is no way round the disk', () => {
  const hour = { load: { shape: 'constant', messagesPerSecond: 200_000 }, durationSeconds: 3_600 };
  const free = { diskBytes: 500e9, memoryBytes: 64e9 };
  const problems = (serverProperties: object) =>
    roomProblems(spec('kafka', { serverProperties }, hour), free).length;
  expect(problems({ 'log.retention.ms': -1 })).toBe(1);
  expect(problems({ 'log.retention.bytes': -1 })).toBe(1);
  expect(problems({ 'log.retention.bytes': 1_000_000 })).toBe(0);
});

const search = {
  load: {
    shape: 'capacity-search',
    startMessagesPerSecond: 1_000,
    maxMessagesPerSecond: 1_000_000,
    probeSeconds: 10,
    resolutionPercent: 5,
  },
  durationSeconds: 3_600,
};

test('a search that may find more than the disk holds is warned of', () => {
  const searching = spec('kafka', {}, search);
  const { warnings, ...expected } = expectedOfExperiment(searching, { diskBytes: 200e9, memoryBytes: 64e9 });
  expect(warnings).toContainEqual(
    expect.stringMatching(
      /^a day: its messages may take up to 3,7\d\d\.\d GB on the disk, of which 200 GB are free, should it find 1,000,000 messages\/s\./,
    ),
  );
  expect(expected.diskBytes).toBe(Math.ceil(3_610 * 1_000 * (framed + 61 / 6)));
  expect(expected.mostDiskBytes).toBeGreaterThan(3_600 * 1_000_000 * record);
  expect(expectedOfExperiment(searching, { diskBytes: 1e15, memoryBytes: 64e9 }).warnings).not.toContainEqual(
    expect.stringContaining('on the disk'),
  );
});

test('a dry run names what is taken and what is free, also where it fits', () => {
  const fits = spec('kafka', {}, { durationSeconds: 10 });
  expect(expectedOfExperiment(fits, { diskBytes: 200e9, memoryBytes: 64e9 })).toMatchObject({
    diskBytes: Math.ceil(20 * 100_000 * record),
    mostDiskBytes: Math.ceil(20 * 100_000 * record),
    freeDiskBytes: 200e9,
    memoryBytes: 512 * 1_024 * 1_024 + (20 * 100_000 * 3) / 8,
    machineMemoryBytes: 64e9,
  });
  expect(expectedOfExperiment(fits)).toMatchObject({ freeDiskBytes: null, machineMemoryBytes: null });
  const comparison = comparisonSpec({
    workload: { load: { shape: 'constant', messagesPerSecond: 1_000 }, messageSizeBytes: 1_000 },
    variants: [
      { name: 'small', technology: 'kafka' },
      { name: 'large', technology: 'kafka', settings: { brokers: 3, replicationFactor: 3 } },
    ],
  });
  const [small, large] = [0, 1].map((index) => takenBytes(variantExperiment(comparison, index)).disk);
  expect(large).toBeGreaterThan(small as number);
  expect(expectedOfComparison(comparison).diskBytes).toBe(Math.ceil(large as number));
});
