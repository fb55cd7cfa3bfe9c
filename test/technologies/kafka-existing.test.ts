import { describe, expect, test } from '@jest/globals';
import {
  clusterFaultsOfComparison,
  clusterFaultsOfExperiment,
  type KnownClusters,
} from '../../src/analysis/plan/clusters.ts';
import { comparisonSchema } from '../../src/contracts/input/comparison.ts';
import { experimentSchema } from '../../src/contracts/input/experiment.ts';
import { parseInput } from '../../src/contracts/input/problem.ts';
import { queueTarget, runQueueId, targetsOfQueue } from '../../src/contracts/temporal/names.ts';
import { guaranteeOf } from '../../src/technologies/guarantee.ts';
import { kafkaSettingsSchema } from '../../src/technologies/kafka/settings.ts';
import { kafka } from '../../src/technologies/kafka.ts';

const workload = { load: { shape: 'constant', messagesPerSecond: 100 } };
const document = (settings: object, more: object = {}) => ({
  name: 'mine',
  technology: 'kafka',
  target: 'existing',
  settings,
  workload,
  ...more,
});

function faults(settings: object, more: object = {}): [string, string][] {
  const parsed = parseInput(experimentSchema, document(settings, more));
  return parsed.ok ? [] : parsed.errors.map(({ pointer, detail }) => [pointer, detail]);
}

describe('settings of a cluster that is there', () => {
  test.each<[object, object]>([
    [{ cluster: 'mine' }, {}],
    [{ cluster: 'mine', partitions: 8, replicationFactor: 3, acks: 'all', durability: 'process-crash' }, {}],
    [{ cluster: 'mine', batchSizeBytes: 10_000_000 }, {}],
    [{ cluster: 'mine' }, { workload: { ...workload, messageSizeBytes: 1_048_576 } }],
  ])('%j can be honoured', (settings, more) => {
    expect(faults(settings, more)).toEqual([]);
  });

  test.each<[object, object, string, string]>([
    [{}, {}, '/settings/cluster', 'must name a cluster of the file that COMPARATOR_CLUSTERS names'],
    [{ cluster: 'mine' }, { target: 'local' }, '/settings/cluster', 'is for target: existing; leave it out'],
    [
      { cluster: 'mine' },
      { target: undefined },
      '/settings/cluster',
      'is for target: existing; leave it out',
    ],
    [{ cluster: 'kafka:9092' }, {}, '/settings/cluster', 'must be 1 to 63 lower-case letters'],
    [{ cluster: 'mine', brokers: 1 }, {}, '/settings/brokers', 'the cluster has its own: leave it out'],
    [{ cluster: 'mine', heapMegabytes: 512 }, {}, '/settings/heapMegabytes', 'leave it out'],
    [
      { cluster: 'mine', serverProperties: { 'num.io.threads': 8 } },
      {},
      '/settings/serverProperties',
      'not ours to set',
    ],
    [
      { cluster: 'mine', durability: 'power-loss' },
      {},
      '/settings/durability',
      'power-loss cannot be asked of',
    ],
    [{ cluster: 'mine', durability: 'node-loss' }, {}, '/settings/durability', 'leave durability out'],
    [
      { cluster: 'mine', durability: 'process-crash', replicationFactor: 3, acks: 1 },
      {},
      '/settings/acks',
      'acks 1 contradicts durability process-crash',
    ],
    [{ cluster: 'mine', idempotence: true, acks: 1 }, {}, '/settings/idempotence', 'needs acks: all'],
  ])('%j with %j is refused at %s', (settings, more, pointer, detail) => {
    expect(faults(settings, more)).toEqual([[pointer, expect.stringContaining(detail)]]);
  });

  test('are filled in without what the cluster has by itself, and stay so', () => {
    const once = kafkaSettingsSchema.parse({ cluster: 'mine' });
    expect(once).not.toHaveProperty('brokers');
    expect(once).not.toHaveProperty('heapMegabytes');
    expect(kafkaSettingsSchema.parse(once)).toEqual(once);
    expect(kafka.settingsProblems(once, 'existing')).toEqual([]);
  });

  test.each([
    [{ acks: 0 }, { processCrash: 'may-lose', powerLoss: 'may-lose', nodeLoss: 'may-lose', copies: 0 }],
    [{ acks: 'all' }, { processCrash: 'survives', powerLoss: 'may-lose', nodeLoss: 'may-lose', copies: 1 }],
    [
      { acks: 'all', replicationFactor: 3 },
      { processCrash: 'survives', powerLoss: 'may-lose', nodeLoss: 'may-lose', copies: 1, flushed: null },
    ],
    [
      { acks: 1, replicationFactor: 3 },
      { processCrash: 'may-lose', nodeLoss: 'may-lose' },
    ],
  ])('%j promise no more than is known of a cluster that is not ours', (settings, promised) => {
    const parsed = kafkaSettingsSchema.parse({ cluster: 'mine', ...settings });
    expect(guaranteeOf(kafka.acknowledgement(parsed))).toMatchObject(promised);
  });

  test('take nothing of this machine', () => {
    const load = {
      messageSizeBytes: 1_000,
      keyBytes: null,
      hottestKeyShare: 0,
      compressionRatio: 1,
      messagesPerSecond: 1,
      mostMessagesPerSecond: 1,
      mostMessages: 1,
      seconds: 60,
      producers: 1,
      consumers: 1,
    };
    const settings = kafkaSettingsSchema.parse({ cluster: 'mine' });
    expect(kafka.machineShare(settings, load)).toMatchObject({ diskBytesPerMessage: 0, memoryBytes: 0 });
    expect(kafka.warnings({ ...settings, batchSizeBytes: 2_000_000 }, load)).toContainEqual(
      expect.stringMatching(/are refused where the cluster's message.max.bytes is its default/),
    );
  });
});

describe('a cluster that an experiment names', () => {
  const known: KnownClusters = {
    clusters: [
      { name: 'mine', technology: 'kafka' },
      { name: 'streams', technology: 'nats' },
    ],
  };
  const spec = (cluster: string) => experimentSchema.parse(document({ cluster }));

  test('must be one of its technology', () => {
    expect(clusterFaultsOfExperiment(spec('mine'), known)).toEqual([]);
    for (const name of ['streams', 'theirs'])
      expect(clusterFaultsOfExperiment(spec(name), known)).toEqual([
        { pointer: '/settings/cluster', detail: expect.stringMatching(/choose one of: mine$/) },
      ]);
  });

  test('cannot be one where there are none, or nobody can tell', () => {
    expect(clusterFaultsOfExperiment(spec('mine'), { clusters: [] })).toEqual([
      { pointer: '/settings/cluster', detail: expect.stringMatching(/name one in COMPARATOR_CLUSTERS/) },
    ]);
    expect(clusterFaultsOfExperiment(spec('mine'), { problem: 'it is damaged' })).toEqual([
      { pointer: '/settings/cluster', detail: 'it is damaged' },
    ]);
    const local = experimentSchema.parse(document({}, { target: 'local' }));
    expect(clusterFaultsOfExperiment(local, { problem: 'it is damaged' })).toEqual([]);
  });

  test('is told by its variant in a comparison', () => {
    const comparison = comparisonSchema.parse({
      name: 'both',
      workload,
      variants: [
        { name: 'here', technology: 'kafka' },
        { name: 'there', technology: 'kafka', target: 'existing', settings: { cluster: 'theirs' } },
      ],
    });
    expect(clusterFaultsOfComparison(comparison, known).map(({ pointer }) => pointer)).toEqual([
      '/variants/1/settings/cluster',
    ]);
  });
});

test('what is measured from this machine waits in one queue', () => {
  expect(['local', 'existing', 'aws'].map(queueTarget)).toEqual(['local', 'local', 'aws']);
  expect(runQueueId('existing')).toBe(runQueueId('local'));
  expect(targetsOfQueue('local')).toEqual(['local', 'existing']);
  expect(targetsOfQueue('aws')).toEqual(['aws']);
});
