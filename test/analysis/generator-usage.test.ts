import { describe, expect, test } from '@jest/globals';
import { generatorUsage } from '../../src/analysis/generator-usage.ts';
import {
  type ConsumePart,
  type HostUsage,
  loadPartSchema,
  type ProducePart,
  type ThreadUsage,
} from '../../src/contracts/documents/load-parts.ts';
import { consumePart, histogram, histogramOf, producePart } from '../support/load-parts.ts';

const thread = (name: string, usage: Partial<ThreadUsage>): ThreadUsage => ({
  name,
  cpuUtilization: 0.2,
  eventLoopDelayP99Ms: 1,
  gcUtilization: 0,
  ...usage,
});

const host = (usage: Partial<HostUsage>): HostUsage => ({
  cpuCount: 2,
  cpuUtilization: 0.5,
  stealUtilization: 0,
  ...usage,
});

const unseen = { cpuSeconds: null, peakMemoryBytes: null, diskReadBytes: null, diskWriteBytes: null };

test.each<[string, Partial<ProducePart>, Partial<ConsumePart>, string[]]>([
  ['an idle one', {}, {}, []],
  [
    'a producer that used its core up',
    { threads: [thread('producer 0', { cpuUtilization: 0.97 })] },
    {},
    ['producer 0 used 97% of a core'],
  ],
  [
    'a consumer that used its core up',
    {},
    { threads: [thread('consumer 1', { cpuUtilization: 1 })] },
    ['consumer 1 used 100% of a core'],
  ],
  [
    'a process whose threads together used more, on a machine with cores to spare',
    { threads: [thread('process', { cpuUtilization: 1.7 })], host: host({ cpuCount: 4 }) },
    {},
    [],
  ],
  [
    'one that was stopped now and then',
    { threads: [thread('producer 0', { eventLoopDelayP99Ms: 250 })] },
    {},
    ['the event loop of producer 0 was 250 ms late (p99)'],
  ],
  [
    'one that was late by itself',
    { lateness: histogram(50_000), ownLateness: histogram(50_000) },
    {},
    ["messages were sent 50 ms late (p99) for want of the generator's own time"],
  ],
  ['one that was late because the product made no room', { lateness: histogram(900_000) }, {}, []],
  [
    'one that spent its time on garbage',
    {},
    { threads: [thread('consumer 0', { gcUtilization: 0.15 })] },
    ['garbage collection stopped consumer 0 for 15% of the time'],
  ],
])('%s', (_, produced, consumed, evidence) => {
  expect(generatorUsage([producePart(produced), consumePart(consumed)])).toMatchObject({
    limited: evidence.length > 0,
    evidence,
  });
});

describe('lateness counts by what it does to the latency that is judged', () => {
  test.each([
    { ownMs: 15, endToEndMs: 20, limited: true },
    { ownMs: 3, endToEndMs: 10, limited: true },
    { ownMs: 1.5, endToEndMs: 3, limited: false },
    { ownMs: 25, endToEndMs: 2_500, limited: false },
    { ownMs: 251, endToEndMs: 2_500, limited: true },
  ])('$ownMs ms of own lateness in $endToEndMs ms: $limited', ({ ownMs, endToEndMs, limited }) => {
    const endToEnd = { endToEnd: histogram(endToEndMs * 1_000) };
    const late = producePart({ ownLateness: histogram(ownMs * 1_000) });
    expect(generatorUsage([late, consumePart(endToEnd)]).limited).toBe(limited);
    const held = { threads: [thread('consumer 0', { eventLoopDelayP99Ms: ownMs })] };
    expect(generatorUsage([producePart({}), consumePart({ ...endToEnd, ...held })]).limited).toBe(limited);
  });

  test('where nothing arrived, to the acknowledgement', () => {
    const parts = (scheduledMs: number) => [
      producePart({ ownLateness: histogram(15_000), publishScheduled: histogram(scheduledMs * 1_000) }),
      consumePart({ endToEnd: null }),
    ];
    expect(generatorUsage(parts(20)).limited).toBe(true);
    expect(generatorUsage(parts(2_000)).limited).toBe(false);
  });
});

describe('a machine that is busy', () => {
  const usage = (generator: number, given: Partial<HostUsage>, productCores: number | null = null) =>
    generatorUsage([
      producePart({
        durationSeconds: 10,
        threads: [thread('process', { cpuUtilization: generator })],
        host: host(given),
        product: productCores === null ? null : { ...unseen, cpuSeconds: 10 * productCores },
      }),
      consumePart({}),
    ]);

  test.each<[string, number, Partial<HostUsage>, number | null, string[]]>([
    ['has a core left', 1.6, { cpuUtilization: 0.9 }, null, []],
    [
      'with the generator',
      1.2,
      { cpuUtilization: 0.98 },
      null,
      [
        'the machine was 98% busy, and of its 2 cores the load generator used 1.2, which the product could not have',
      ],
    ],
    ['with the product', 0.2, { cpuUtilization: 0.99 }, 1.7, []],
    [
      'with others',
      0.2,
      { cpuUtilization: 0.99 },
      1.2,
      [
        'the machine was 99% busy, and of its 2 cores the load generator used 0.2 and others 0.6, which the product could not have',
      ],
    ],
    [
      'with other virtual machines',
      0.2,
      { cpuUtilization: 0.5, stealUtilization: 0.2 },
      null,
      ["the hypervisor took 20% of the machine's processor time"],
    ],
  ])('%s', (_, generator, given, productCores, evidence) => {
    expect(usage(generator, given, productCores)).toMatchObject({ limited: evidence.length > 0, evidence });
  });

  test("beside a cluster of the user's says nothing of that, which may be on other machines", () => {
    const beside = (generator: number) =>
      generatorUsage(
        [
          producePart({
            threads: [thread('process', { cpuUtilization: generator })],
            host: host({ cpuUtilization: 0.98 }),
          }),
          consumePart({}),
        ],
        'existing',
      );
    expect(beside(1.2)).toMatchObject({
      limited: true,
      evidence: ["the load generator's machine was 98% busy, and of its 2 cores the load generator used 1.2"],
      otherCpuUtilization: null,
    });
    // Whether others took the rest from it, or the cluster itself did, cannot be told.
    expect(beside(0.2)).toMatchObject({ limited: false, evidence: [] });
  });

  test('is told with who used it', () => {
    const used = usage(0.5, { cpuUtilization: 0.8 }, 0.7);
    expect(used).toMatchObject({ cpuUtilization: 0.5, hostCpuUtilization: 0.8 });
    expect(used.otherCpuUtilization).toBeCloseTo(0.4);
  });

  test('is shared by several generators, whose use adds up', () => {
    const part = producePart({
      threads: [thread('process', { cpuUtilization: 0.3 })],
      host: host({ cpuUtilization: 0.97 }),
    });
    expect(generatorUsage([part, consumePart({})]).limited).toBe(false);
    expect(generatorUsage([part, part, consumePart({})]).evidence).toEqual([
      expect.stringContaining('the load generator used 0.6'),
    ]);
  });
});

test('how late it sent, in all and by itself, and how late it began', () => {
  const usage = generatorUsage([
    producePart({
      lateness: histogramOf(100, 9_000),
      ownLateness: histogramOf(100, 1_000),
      start: { lateMs: 0, undrainedBefore: 0 },
    }),
    consumePart({ start: { lateMs: 120, undrainedBefore: 7 } }),
  ]);
  expect(usage).toMatchObject({
    lateSendP50Ms: expect.closeTo(9, 1),
    lateSendP99Ms: expect.closeTo(9, 1),
    ownLateSendP50Ms: 1,
    ownLateSendP99Ms: 1,
    startLateMs: 120,
    undrainedBefore: 7,
  });
});

test('what a part of an earlier release did not tell is null', () => {
  const { host: _, start: __, ...produced } = producePart({});
  const { host: ___, start: ____, ...consumed } = consumePart({});
  const parts = [produced, consumed].map((part) => loadPartSchema.parse(part));
  expect(generatorUsage(parts)).toMatchObject({
    hostCpuUtilization: null,
    hostStealUtilization: null,
    otherCpuUtilization: null,
    startLateMs: null,
    undrainedBefore: null,
    limited: false,
  });
});
