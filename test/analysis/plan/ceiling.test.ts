import { expect, test } from '@jest/globals';
import { ceilingOf, ceilingWarning } from '../../../src/analysis/plan/ceiling.ts';
import { expectedOfComparison } from '../../../src/analysis/plan/expected-time.ts';
import { comparisonSchema } from '../../../src/contracts/input/comparison.ts';
import { experimentSchema } from '../../../src/contracts/input/experiment.ts';

const workload = (messagesPerSecond: number, messageSizeBytes = 1_024) => ({
  messageSizeBytes,
  load: { shape: 'constant' as const, messagesPerSecond },
});

const kinesis = (settings: object, messagesPerSecond: number, messageSizeBytes?: number) =>
  experimentSchema.parse({
    name: 'mine',
    technology: 'kinesis',
    settings,
    workload: workload(messagesPerSecond, messageSizeBytes),
  });

test.each([
  ['records', { shards: 2 }, 100, 2_000],
  ['bytes, with partition keys', { shards: 2 }, 4_096 - 13, 512],
  ['a message that fills a shard’s second', { shards: 3 }, 1_048_576 - 13, 3],
  ['three messages in two seconds of two shards each', { shards: 2 }, 2 ** 19 - 13, 4],
  ['a new on-demand stream', { mode: 'on-demand' }, 1_024, 4_000],
])('what Kinesis takes by its quotas: %s', (_, settings, messageSizeBytes, messagesPerSecond) => {
  expect(ceilingOf(kinesis(settings, 1, messageSizeBytes))?.messagesPerSecond).toBe(messagesPerSecond);
});

test('a load beyond the ceiling is warned of, one at it is not', () => {
  expect(ceilingWarning(kinesis({ shards: 2 }, 2_000))).toBeNull();
  expect(ceilingWarning(kinesis({ shards: 2 }, 3_000))).toBe(
    'mine: the load of 3,000 messages/s is beyond the published ceiling of 2,000 messages/s (Kinesis Data Streams quotas: each of 2 shards takes 1 MB/s or 1,000 records/s).',
  );
  const kafka = experimentSchema.parse({ name: 'k', technology: 'kafka', workload: workload(9_000_000) });
  expect(ceilingWarning(kafka)).toBeNull();
});

test('a comparison warns of each variant for which the load is too much', () => {
  const comparison = comparisonSchema.parse({
    name: 'both',
    workload: workload(3_000),
    variants: [
      { name: 'enough', technology: 'kinesis', settings: { shards: 3 } },
      { name: 'too few', technology: 'kinesis', settings: { shards: 2 } },
      { name: 'kafka', technology: 'kafka' },
    ],
  });
  const { warnings } = expectedOfComparison(comparison);
  expect(warnings.filter((one) => one.includes('ceiling'))).toEqual([
    expect.stringMatching(/^too few: the load/),
  ]);
});
