import { describe, expect, test } from '@jest/globals';
import { comparisonSchema } from '../../../src/contracts/input/comparison.ts';
import { experimentSchema } from '../../../src/contracts/input/experiment.ts';
import { variantExperiment } from '../../../src/contracts/input/grid/grid.ts';
import { parseInput } from '../../../src/contracts/input/problem.ts';

const workload = { load: { shape: 'constant', messagesPerSecond: 100 } };
const stream = { name: 'a stream', technology: 'kinesis', target: 'aws', workload };
const local = { name: 'here', technology: 'kafka', workload };

describe('an experiment on aws', () => {
  test('has a budget, whether it was written or not', () => {
    expect(experimentSchema.parse(stream)).toMatchObject({ budget: { maxCostUsd: 10, maxMinutes: 120 } });
    const written = { ...stream, region: 'eu-central-1', budget: { maxMinutes: 30 } };
    const { region, budget } = experimentSchema.parse(written);
    expect({ region, budget }).toEqual({
      region: 'eu-central-1',
      budget: { maxCostUsd: 10, maxMinutes: 30 },
    });
  });

  test.each([
    [{ ...stream, region: 'Frankfurt' }, '/region', 'must be a region, such as eu-central-1'],
    [{ ...stream, budget: { maxCostUsd: 0 } }, '/budget/maxCostUsd', 'must be more than 0'],
    [{ ...stream, budget: { maxMinutes: 5 } }, '/budget/maxMinutes', 'must be at least 10'],
    [{ ...stream, budget: { maxUsd: 5 } }, '/budget/maxUsd', 'is not known here'],
    [{ ...local, region: 'eu-central-1' }, '/region', 'is for target: aws; leave it out'],
    [{ ...local, budget: { maxMinutes: 60 } }, '/budget', 'is for target: aws; leave it out'],
    [
      { ...stream, workload: { ...workload, producers: 2, generators: 2 } },
      '/workload/generators',
      'must be 1 with target: aws: each load generator there is a Fargate task, which has a clock of its own',
    ],
    [{ ...local, technology: 'nats', target: 'aws' }, '/settings/hosting', 'must say where the servers run'],
  ])('%j is refused at %s', (input, pointer, detail) => {
    const parsed = parseInput(experimentSchema, input);
    const errors = parsed.ok ? [] : parsed.errors;
    expect(errors).toContainEqual({ pointer, detail: expect.stringContaining(detail) });
  });

  test('what is not on aws stays as it was', () => {
    expect(experimentSchema.parse(local)).not.toHaveProperty('budget');
  });
});

describe('a comparison', () => {
  const variants = [
    { name: 'there', technology: 'kinesis', target: 'aws' },
    { name: 'here', technology: 'kafka' },
  ];

  test('gives region and budget to its variants on aws alone', () => {
    const comparison = comparisonSchema.parse({ name: 'both', workload, region: 'us-east-1', variants });
    expect(variantExperiment(comparison, 0)).toMatchObject({
      region: 'us-east-1',
      budget: { maxCostUsd: 10, maxMinutes: 120 },
    });
    const here = variantExperiment(comparison, 1);
    expect([here.region, here.budget]).toEqual([undefined, undefined]);
  });

  test('with a variant on aws has one load generator', () => {
    const several = { ...workload, consumers: 3, generators: 3 };
    const parsed = parseInput(comparisonSchema, { name: 'both', workload: several, variants });
    expect(parsed.ok ? [] : parsed.errors).toEqual([
      { pointer: '/workload/generators', detail: expect.stringContaining('leave it out: one task runs all') },
    ]);
    const here = parseInput(comparisonSchema, { name: 'here', workload: several, variants: [variants[1]] });
    expect(here.ok).toBe(true);
  });

  test('without a variant on aws takes neither', () => {
    const parsed = parseInput(comparisonSchema, {
      name: 'none',
      workload,
      budget: { maxCostUsd: 1 },
      variants: [variants[1]],
    });
    expect(parsed.ok ? [] : parsed.errors).toEqual([
      { pointer: '/budget', detail: 'is for target: aws; leave it out, or choose that target' },
    ]);
  });
});
