import { expect, test } from '@jest/globals';
import { generatorUsage } from '../../src/analysis/generator-usage.ts';
import type { ConsumePart, ProducePart, ThreadUsage } from '../../src/contracts/documents/load-parts.ts';
import { consumePart, histogram, producePart } from '../support/load-parts.ts';

const thread = (name: string, usage: Partial<ThreadUsage>): ThreadUsage => ({
  name,
  cpuUtilization: 0.2,
  eventLoopDelayP99Ms: 1,
  gcUtilization: 0,
  ...usage,
});

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
    'a process whose threads together used more',
    { threads: [thread('process', { cpuUtilization: 1.7 })] },
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
])('%s', (_, produced, consumed, evidence) => {
  expect(generatorUsage([producePart(produced), consumePart(consumed)])).toMatchObject({
    limited: evidence.length > 0,
    evidence,
  });
});
