import { expect, test } from '@jest/globals';
import { roomProblems, takenBytes } from '../../../src/analysis/plan/room.ts';
import { type ExperimentSpec, experimentSchema } from '../../../src/contracts/input/experiment.ts';

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
/** With a record's framing, which is at least this. */
const record = 1_000 + 9;
const copy = messages * record;
const kept = messages * (1_000 + 62);
const compressible = { payload: { content: 'compressible', compressionRatio: 4 } };
const keyed = { keys: { distribution: 'uniform', cardinality: 1_000 } };

test.each([
  ['one copy', spec('kafka', {}), copy],
  ['keys too', spec('kafka', {}, keyed), copy + messages * 'key-999'.length],
  ['every copy', spec('kafka', { brokers: 3, replicationFactor: 3 }), 3 * copy],
  ['what is left once compressed', spec('kafka', { compression: 'zstd' }, compressible), copy / 4],
  ['all of what is not compressed', spec('kafka', {}, compressible), copy],
  [
    'what is left once the broker has compressed it',
    spec('kafka', { serverProperties: { 'compression.type': 'lz4' } }, compressible),
    copy / 4,
  ],
  [
    'nothing that Kafka is told to delete',
    spec('kafka', { serverProperties: { 'log.retention.bytes': '1000000' } }),
    0,
  ],
  ['every replica', spec('nats', { replicas: 3 }), 3 * kept],
  ['nothing that is kept in memory', spec('nats', { storage: 'memory' }), 0],
  ['nothing that is deleted once received', spec('nats', { retention: 'workqueue' }), 0],
  ['nothing of an emulated stream', spec('kinesis', {}), 0],
])('the disk holds %s', (_, experiment, bytes) => {
  expect(takenBytes(experiment).disk).toBeCloseTo(bytes, 0);
});

test('an experiment that does not fit on the disk is told so, with both figures', () => {
  const memoryBytes = 64e9;
  expect(roomProblems(spec('kafka', {}), { diskBytes: copy, memoryBytes })).toEqual([]);
  expect(roomProblems(spec('kafka', {}), { diskBytes: 200e9, memoryBytes })).toEqual([
    'a day: its messages take 8,717.8 GB on the disk, of which 200 GB are free. ' +
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
