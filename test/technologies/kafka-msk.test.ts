import { expect, test } from '@jest/globals';
import { carriedLoad } from '../../src/contracts/input/carried-load.ts';
import { experimentSchema } from '../../src/contracts/input/experiment.ts';
import { parseInput } from '../../src/contracts/input/problem.ts';
import { guaranteeOf } from '../../src/technologies/guarantee.ts';
import { kafka } from '../../src/technologies/kafka.ts';

const workload = { load: { shape: 'constant', messagesPerSecond: 100 } };
const experiment = (settings: object, target = 'aws') => ({
  name: 'a test',
  technology: 'kafka',
  target,
  settings,
  workload,
});

test('Amazon MSK has three brokers and replicas, and what its guarantee hangs on is written out', () => {
  const { settings } = experimentSchema.parse(experiment({ hosting: 'msk' }));
  expect(settings).toMatchObject({
    brokers: 3,
    replicationFactor: 3,
    instanceType: 'kafka.m7g.large',
    storageGibibytes: 100,
    serverProperties: { 'min.insync.replicas': 2, 'unclean.leader.election.enable': false },
  });
  expect(settings).not.toHaveProperty('heapMegabytes');
  const guarantee = guaranteeOf(kafka.acknowledgement(kafka.settings.parse(settings)));
  expect(guarantee).toMatchObject({ nodeLoss: 'survives', powerLoss: 'may-lose' });
  // What was filled in once stays.
  expect(experimentSchema.parse(experiment(settings)).settings).toEqual(settings);
});

test.each([
  [{}, 'aws', 'hosting', 'must say who runs the brokers on aws: msk'],
  [{ hosting: 'msk' }, 'local', 'hosting', 'is for target: aws'],
  [{ instanceType: 'kafka.m5.large' }, 'local', 'instanceType', 'is for target: aws'],
  [{ cluster: 'mine', kafkaVersion: '3.9.x' }, 'existing', 'kafkaVersion', 'is for target: aws'],
  [{ hosting: 'msk', brokers: 1, replicationFactor: 1 }, 'aws', 'brokers', 'must be 2 or 3'],
  [{ hosting: 'msk', heapMegabytes: 512 }, 'aws', 'heapMegabytes', 'is for brokers on this machine'],
  [{ hosting: 'msk', cluster: 'mine' }, 'aws', 'cluster', 'is for target: existing'],
  [{ hosting: 'msk', instanceType: 'm5.large' }, 'aws', 'instanceType', 'must be one of'],
  [
    { hosting: 'msk', serverProperties: { 'queued.max.requests': 5 } },
    'aws',
    'serverProperties/queued.max.requests',
    'cannot be set on Amazon MSK',
  ],
])('%j on %s is refused at settings.%s', (settings, target, path, detail) => {
  const parsed = parseInput(experimentSchema, experiment(settings, target));
  expect(parsed.ok ? [] : parsed.errors).toContainEqual({
    pointer: `/settings/${path}`,
    detail: expect.stringContaining(detail),
  });
});

/** Of which nearly all messages come in three seconds. */
const burst = [
  { messagesPerSecond: 100, seconds: 3_000 },
  { messagesPerSecond: 900_000, seconds: 3 },
];

test('a load that would fill the disks is refused, with the size that holds it', () => {
  const input = {
    ...experiment({ hosting: 'msk', storageGibibytes: 10 }),
    workload: {
      messageSizeBytes: 1_000,
      load: { shape: 'constant', messagesPerSecond: 100_000 },
      durationSeconds: 600,
      maxWarmupSeconds: 60,
    },
  };
  const parsed = parseInput(experimentSchema, input);
  const [error] = parsed.ok ? [] : parsed.errors;
  expect(error?.pointer).toBe('/settings/storageGibibytes');
  // 66 million messages of 1 KB on each of three brokers, with their framing, and 15% left.
  const needed = Number(/at least (\d+)/.exec(error?.detail ?? '')?.[1]);
  expect(needed).toBeGreaterThanOrEqual(72);
  expect(needed).toBeLessThanOrEqual(85);
  const enough = { ...input, settings: { hosting: 'msk', storageGibibytes: needed } };
  expect(parseInput(experimentSchema, enough).ok).toBe(true);
});

test.each([
  ['steps', { load: { shape: 'steps', steps: burst } }, 4],
  ['rungs', { load: { shape: 'ladder', ratesMessagesPerSecond: [100, 10_000] }, durationSeconds: 300 }, 4],
  ['a search', { load: { shape: 'capacity-search', maxMessagesPerSecond: 10_000, probeSeconds: 300 } }, 4],
])('the messages of %s are counted by their own rates', (_, given, enoughGibibytes) => {
  const parsed = (storageGibibytes: number) =>
    parseInput(experimentSchema, {
      ...experiment({ hosting: 'msk', storageGibibytes }),
      workload: { messageSizeBytes: 1_000, maxWarmupSeconds: 10, ...given },
    });
  // About 3 million messages of 1 KB.
  expect(parsed(enoughGibibytes).ok).toBe(true);
  expect(parsed(3).ok).toBe(false);
});

test.each<[object, string | null]>([
  [
    { instanceType: 'kafka.t3.small', partitions: 1_000 },
    'each broker would have 1000 partitions, copies counted, and AWS recommends at most 300 on kafka.t3.small: beyond that MSK may refuse to attach the secret of its users, and measures are missing; take fewer, or a larger instanceType',
  ],
  [{ instanceType: 'kafka.t3.small', partitions: 300 }, null],
  [{ instanceType: 'kafka.m7g.4xlarge', partitions: 1_000 }, null],
])('of more partitions than AWS recommends is warned: %j', (settings, said) => {
  const spec = experimentSchema.parse(experiment({ hosting: 'msk', ...settings }));
  const about = kafka
    .warnings(kafka.settings.parse(spec.settings), carriedLoad(spec.workload))
    .filter((warning) => warning.includes('recommends'));
  expect(about).toEqual(said === null ? [] : [said]);
});
