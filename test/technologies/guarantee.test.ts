import { describe, expect, test } from '@jest/globals';
import {
  differenceNotes,
  guaranteeOfExperiment,
  guaranteeOfStored,
  partitionNotes,
} from '../../src/analysis/plan/guarantees.ts';
import { type ExperimentSpec, experimentSchema } from '../../src/contracts/input/experiment.ts';
import { parseInput } from '../../src/contracts/input/problem.ts';

const document = (technology: string, settings: object) => ({
  name: technology,
  technology,
  settings,
  workload: { load: { shape: 'constant', messagesPerSecond: 100 } },
});

function spec(technology: string, settings: object): ExperimentSpec {
  return experimentSchema.parse(document(technology, settings));
}

const replicated = { brokers: 3, replicationFactor: 3 };
const quorum = { ...replicated, serverProperties: { 'min.insync.replicas': 2 } };
const flushing = { serverProperties: { 'log.flush.interval.messages': 1 } };
const unclean = {
  ...replicated,
  serverProperties: { 'min.insync.replicas': 2, 'unclean.leader.election.enable': true },
};

/** Which of a crash, a loss of power and the loss of a node an acknowledged message survives; copies; flushed. */
type Row = [
  technology: string,
  settings: object,
  crash: boolean,
  power: boolean,
  node: boolean,
  copies: number,
];

test.each<[...Row, boolean | null]>([
  ['kafka', {}, true, false, false, 1, false],
  ['kafka', { acks: 0 }, false, false, false, 0, false],
  ['kafka', { acks: 0, ...quorum }, false, false, false, 0, false],
  ['kafka', { acks: 1 }, true, false, false, 1, false],
  ['kafka', { acks: 1, ...flushing }, true, true, false, 1, true],
  ['kafka', { acks: 1, ...quorum }, false, false, false, 1, false],
  ['kafka', flushing, true, true, false, 1, true],
  ['kafka', replicated, true, false, false, 1, false],
  ['kafka', quorum, true, false, true, 2, false],
  ['kafka', unclean, false, false, false, 2, false],
  ['nats', {}, true, false, false, 1, false],
  ['nats', { storage: 'memory' }, false, false, false, 1, false],
  ['nats', { storage: 'memory', replicas: 3 }, true, false, true, 2, false],
  ['nats', { replicas: 3 }, true, false, true, 2, false],
  ['nats', { syncInterval: '10s' }, true, false, false, 1, false],
  ['nats', { syncInterval: 'always' }, true, true, false, 1, true],
  ['nats', { syncInterval: 'always', storage: 'memory' }, false, false, false, 1, false],
  ['nats', { syncInterval: 'always', replicas: 3 }, true, true, true, 2, true],
  ['kinesis', {}, true, true, true, 3, null],
])('%s with %j', (technology, settings, crash, power, node, copies, flushed) => {
  const fate = (survives: boolean) => (survives ? 'survives' : 'may-lose');
  const guarantee = guaranteeOfExperiment(spec(technology, settings));
  expect(guarantee).toMatchObject({
    processCrash: fate(crash),
    powerLoss: fate(power),
    nodeLoss: fate(node),
    copies,
    flushed,
  });
  // Where something may be lost, it is said why.
  expect(guarantee.explanation.includes('It may be lost')).toBe(!(crash && power && node));
});

test('an explanation says when a message is acknowledged, and by what it may be lost', () => {
  expect(guaranteeOfExperiment(spec('kafka', replicated)).explanation).toBe(
    "Acknowledged once every replica in sync, at least 1 of 3, has the message in the operating system's memory. " +
      'It may be lost by a loss of power: the operating system flushes when it likes, for log.flush.interval.messages is not 1. ' +
      'It may be lost with a node: with min.insync.replicas 1 the leader acknowledges also when no other replica is left.',
  );
});

test('settings that this release cannot read promise nothing that it knows', () => {
  expect(guaranteeOfStored({ technology: 'kafka', settings: { tomorrow: true } })).toBeNull();
  expect(guaranteeOfStored({ technology: 'tomorrow' as never, settings: {} })).toBeNull();
  // As release 0.1.0 stored them.
  expect(guaranteeOfStored({ technology: 'nats', settings: { replicas: 3 } })).toMatchObject({ copies: 2 });
});

describe('durability', () => {
  const mishaps = {
    'process-crash': 'processCrash',
    'power-loss': 'powerLoss',
    'node-loss': 'nodeLoss',
  } as const;

  test.each(
    ['kafka', 'nats', 'kinesis'].flatMap((technology) =>
      (Object.keys(mishaps) as (keyof typeof mishaps)[]).map((durability) => ({ technology, durability })),
    ),
  )('of $technology fills in what $durability takes', ({ technology, durability }) => {
    const filled = spec(technology, { durability });
    expect(guaranteeOfExperiment(filled)[mishaps[durability]]).toBe('survives');
    // What was filled in is no contradiction when it is read again.
    expect(experimentSchema.parse(filled)).toEqual(filled);
  });

  test('sets what each technology has for it, and nothing beyond', () => {
    expect(spec('kafka', { durability: 'node-loss' }).settings).toMatchObject({
      acks: 'all',
      brokers: 3,
      replicationFactor: 3,
      serverProperties: { 'min.insync.replicas': 2 },
    });
    expect(spec('kafka', { durability: 'power-loss' }).settings).toMatchObject({
      brokers: 1,
      serverProperties: { 'log.flush.interval.messages': 1 },
    });
    expect(spec('kafka', { durability: 'process-crash' }).settings.serverProperties).toEqual({});
    expect(spec('nats', { durability: 'power-loss' }).settings).toMatchObject({
      replicas: 1,
      syncInterval: 'always',
    });
    expect(spec('nats', { durability: 'node-loss' }).settings).toMatchObject({
      replicas: 3,
      syncInterval: '2m',
    });
  });

  test('keeps what the user set and it can live with', () => {
    const settings = { durability: 'node-loss', brokers: 2, heapMegabytes: 256 };
    expect(spec('kafka', settings).settings).toMatchObject({ brokers: 2, replicationFactor: 2 });
    const power = { durability: 'power-loss', serverProperties: { 'num.io.threads': 2 } };
    expect(spec('kafka', power).settings.serverProperties).toEqual({
      'log.flush.interval.messages': 1,
      'num.io.threads': 2,
    });
  });

  test.each<[string, object, string, string]>([
    [
      'kafka',
      { durability: 'process-crash', acks: 0 },
      'acks',
      'acks 0 contradicts durability process-crash',
    ],
    ['kafka', { durability: 'node-loss', acks: 1 }, 'acks', 'acks 1 contradicts durability node-loss'],
    [
      'kafka',
      { durability: 'node-loss', brokers: 1 },
      'brokers',
      'brokers 1 contradicts durability node-loss',
    ],
    [
      'kafka',
      { durability: 'node-loss', brokers: 3, replicationFactor: 1 },
      'replicationFactor',
      'replicationFactor 1 contradicts durability node-loss',
    ],
    [
      'kafka',
      { durability: 'node-loss', serverProperties: { 'min.insync.replicas': 1 } },
      'serverProperties/min.insync.replicas',
      'min.insync.replicas 1 contradicts durability node-loss',
    ],
    [
      'kafka',
      { durability: 'power-loss', serverProperties: { 'log.flush.interval.messages': 100 } },
      'serverProperties/log.flush.interval.messages',
      'log.flush.interval.messages 100 contradicts durability power-loss',
    ],
    [
      'kafka',
      { ...unclean, durability: 'process-crash' },
      'serverProperties/unclean.leader.election.enable',
      'unclean.leader.election.enable true contradicts durability process-crash',
    ],
    [
      'nats',
      { durability: 'node-loss', replicas: 1 },
      'replicas',
      'replicas 1 contradicts durability node-loss',
    ],
    [
      'nats',
      { durability: 'power-loss', syncInterval: '10s' },
      'syncInterval',
      'syncInterval 10s contradicts durability power-loss',
    ],
    [
      'nats',
      { durability: 'process-crash', storage: 'memory' },
      'storage',
      'storage memory contradicts durability process-crash',
    ],
    [
      'nats',
      { durability: 'power-loss', storage: 'memory', replicas: 3 },
      'storage',
      'storage memory contradicts durability power-loss',
    ],
  ])('of %s refuses %j, naming both', (technology, settings, pointer, detail) => {
    const parsed = parseInput(experimentSchema, document(technology, settings));
    expect(parsed.ok ? [] : parsed.errors).toContainEqual({
      pointer: `/settings/${pointer}`,
      detail: expect.stringContaining(detail),
    });
  });
});

test('where variants promise differently, it is said which survive what', () => {
  const of = (name: string, technology: string, settings: object) => ({
    name,
    guarantee: guaranteeOfExperiment(spec(technology, settings)),
  });
  expect(differenceNotes([of('Kafka', 'kafka', {}), of('NATS', 'nats', {})])).toEqual([]);
  expect(
    differenceNotes([
      of('Kafka', 'kafka', {}),
      of('Kafka, 3', 'kafka', quorum),
      of('NATS, 3', 'nats', { replicas: 3 }),
    ]),
  ).toEqual([
    'The variants do not promise the same. What was acknowledged survives the loss of a node with: “Kafka, 3” and “NATS, 3”. It may be lost with: Kafka.',
  ]);
  // What ends alike for the same variants is one sentence.
  expect(differenceNotes([of('Kafka', 'kafka', {}), of('Kinesis', 'kinesis', {})])).toEqual([
    'The variants do not promise the same. What was acknowledged survives a loss of power and the loss of a node with: Kinesis. It may be lost with: Kafka.',
  ]);
  expect(differenceNotes([])).toEqual([]);
});

test('subjects of one stream are not compared with partitions without a word', () => {
  const [kafka, nats] = [
    { name: 'K', technology: 'kafka' },
    { name: 'N', technology: 'nats' },
  ];
  expect(partitionNotes([kafka, nats])).toEqual([
    'The variants do not spread their messages alike. N: its subjects are all one stream, with one leader and one Raft group. The partitions or shards of the others are logs of their own, which take writes side by side.',
  ]);
  expect([...partitionNotes([kafka, kafka]), ...partitionNotes([nats, nats]), ...partitionNotes([])]).toEqual(
    [],
  );
});
