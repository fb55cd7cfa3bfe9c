import { expect, test } from '@jest/globals';
import { cloudCostOf } from '../../src/analysis/cost/cloud-cost.ts';
import { experimentSchema } from '../../src/contracts/input/experiment.ts';
import { parseInput } from '../../src/contracts/input/problem.ts';
import { guaranteeOf } from '../../src/technologies/guarantee.ts';
import { natsSettingsSchema } from '../../src/technologies/nats/settings.ts';
import { nats } from '../../src/technologies/nats.ts';
import { listPrices } from '../../src/technologies/registry.ts';

const experiment = (settings: object, target = 'aws') => ({
  name: 'a test',
  technology: 'nats',
  target,
  settings,
  workload: { load: { shape: 'constant', messagesPerSecond: 100 } },
});

test('servers on Fargate have processors, memory and a disk, and what was filled in once stays', () => {
  const { settings } = experimentSchema.parse(experiment({ hosting: 'fargate' }));
  expect(settings).toMatchObject({
    replicas: 1,
    syncInterval: '2m',
    serverVcpus: 2,
    serverMemoryGibibytes: 8,
    storageGibibytes: 100,
  });
  expect(experimentSchema.parse(experiment(settings)).settings).toEqual(settings);
  expect(natsSettingsSchema.parse({ hosting: 'fargate', serverVcpus: 4 }).serverMemoryGibibytes).toBe(16);
  expect(natsSettingsSchema.parse({})).not.toHaveProperty('storageGibibytes');
});

test.each([
  [{}, 'aws', 'hosting', 'must say where the servers run on aws: fargate'],
  [{ hosting: 'fargate' }, 'local', 'hosting', 'is for target: aws'],
  [{ serverVcpus: 2 }, 'local', 'serverVcpus', 'is for target: aws'],
  [{ cluster: 'mine', storageGibibytes: 50 }, 'existing', 'storageGibibytes', 'is for target: aws'],
  [{ hosting: 'fargate', cluster: 'mine' }, 'aws', 'cluster', 'is for target: existing'],
  [{ hosting: 'fargate', serverVcpus: 3 }, 'aws', 'serverVcpus', 'must be'],
  [
    { hosting: 'fargate', serverVcpus: 4, serverMemoryGibibytes: 32 },
    'aws',
    'serverMemoryGibibytes',
    'must be 8 to 30 with 4 processors',
  ],
  [
    { hosting: 'fargate', serverVcpus: 8, serverMemoryGibibytes: 30 },
    'aws',
    'serverMemoryGibibytes',
    'must be 16 to 60, by 4, with 8 processors',
  ],
  [{ hosting: 'fargate', storageGibibytes: 20 }, 'aws', 'storageGibibytes', 'must be'],
  [
    { hosting: 'fargate', replicas: 3, syncInterval: 'always', durability: 'power-loss' },
    'aws',
    'hosting',
    "hosting fargate contradicts durability power-loss: a task's disk goes with the task",
  ],
])('%j on %s is refused at settings.%s', (settings, target, path, detail) => {
  const parsed = parseInput(experimentSchema, experiment(settings, target));
  expect(parsed.ok ? [] : parsed.errors).toContainEqual({
    pointer: `/settings/${path}`,
    detail: expect.stringContaining(detail),
  });
});

test.each([
  [{}, 'survives', 'may-lose', 'may-lose', 1, false],
  [{ syncInterval: 'always' }, 'survives', 'may-lose', 'may-lose', 1, true],
  [{ replicas: 3 }, 'survives', 'may-lose', 'survives', 2, false],
  [{ replicas: 3, syncInterval: 'always' }, 'survives', 'may-lose', 'survives', 2, true],
  [{ replicas: 3, storage: 'memory' }, 'survives', 'may-lose', 'survives', 2, false],
])(
  'with %j an acknowledged message: crash %s, power %s, node %s',
  (settings, crash, power, node, copies, flushed) => {
    const acknowledged = nats.acknowledgement(natsSettingsSchema.parse({ hosting: 'fargate', ...settings }));
    expect(guaranteeOf(acknowledged)).toMatchObject({
      processCrash: crash,
      powerLoss: power,
      nodeLoss: node,
      copies,
      flushed,
    });
  },
);

test.each([
  ['storageGibibytes', {}, 100],
  ['serverMemoryGibibytes', { storage: 'memory', serverVcpus: 16, serverMemoryGibibytes: 32 }, 100],
])('a load that would fill %s is refused, with the size that holds it', (name, settings, rate) => {
  const input = {
    ...experiment({ hosting: 'fargate', ...settings }),
    workload: {
      messageSizeBytes: 100_000,
      load: { shape: 'constant', messagesPerSecond: 10 * rate },
      durationSeconds: 840,
      maxWarmupSeconds: 60,
    },
  };
  const parsed = parseInput(experimentSchema, input);
  const [error] = parsed.ok ? [] : parsed.errors;
  expect(error?.pointer).toBe(`/settings/${name}`);
  // 900,000 messages of 100 KB in each server, which uses three quarters.
  const needed = Number(/at least (\d+)/.exec(error?.detail ?? '')?.[1]);
  expect(needed).toBe(Math.ceil((900_000 * 100_062) / 0.75 / 1_024 ** 3));
});

test('what each server remembers of messages to know them again must fit its memory', () => {
  const parsed = (deduplicationWindowSeconds: number, serverMemoryGibibytes: number) =>
    parseInput(experimentSchema, {
      ...experiment({
        hosting: 'fargate',
        serverVcpus: 1,
        serverMemoryGibibytes,
        storageGibibytes: 200,
        deduplicationWindowSeconds,
      }),
      workload: {
        messageSizeBytes: 32,
        load: { shape: 'constant', messagesPerSecond: 50_000 },
        durationSeconds: 600,
        maxWarmupSeconds: 0,
        warmupSeconds: 0,
      },
    });
  const refused = parsed(3_600, 4);
  const [error] = refused.ok ? [] : refused.errors;
  expect(error).toMatchObject({
    pointer: '/settings/serverMemoryGibibytes',
    // 30 million messages of 160 B.
    detail: expect.stringMatching(/^must be at least 5: each server remembers the ids/),
  });
  expect(parsed(3_600, 5).ok).toBe(true);
  expect(parsed(60, 2).ok).toBe(true);
});

test('the bill has servers, their disks and addresses, and copies that go to other zones', () => {
  const spec = (settings: object) =>
    experimentSchema.parse({
      ...experiment({ hosting: 'fargate', ...settings }),
      workload: {
        messageSizeBytes: 1_000,
        load: { shape: 'constant', messagesPerSecond: 1_000 },
        durationSeconds: 3_540,
        maxWarmupSeconds: 60,
      },
      budget: { maxMinutes: 100 },
    });
  const by = (settings: object) => {
    const { arithmetic } = cloudCostOf(spec(settings), listPrices);
    return (item: string) => arithmetic.filter((one) => one.item === item).map((one) => one.quantity);
  };
  const three = by({ replicas: 3 });
  // The servers' first, then those of the load generator.
  expect(three('vcpuHour')).toEqual([6, 2]);
  expect(three('memoryGibHour')).toEqual([24, 4]);
  expect(three('addressHour')).toEqual([3, 1]);
  expect(three('storageGibHour')).toEqual([240]);
  // 3.6 GB sent, received, and copied to two others.
  expect(three('betweenZonesGb')[0]).toBeCloseTo(4 * 3.6, 6);
  expect(by({})('betweenZonesGb')[0]).toBeCloseTo(2 * 3.6, 6);
});
