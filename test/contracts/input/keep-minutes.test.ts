import { describe, expect, test } from '@jest/globals';
import { comparisonSchema } from '../../../src/contracts/input/comparison.ts';
import { experimentSchema } from '../../../src/contracts/input/experiment.ts';
import { variantExperiment } from '../../../src/contracts/input/grid/grid.ts';
import { parseInput } from '../../../src/contracts/input/problem.ts';

const workload = { load: { shape: 'constant', messagesPerSecond: 100 } };
const local = { name: 'here', technology: 'kafka', workload };
const existing = { ...local, target: 'existing', settings: { cluster: 'ours' } };

describe('keepMinutes of an experiment', () => {
  test.each([1, 1_440])('may be %i', (keepMinutes) => {
    expect(experimentSchema.parse({ ...local, keepMinutes })).toMatchObject({ keepMinutes });
  });

  test.each([
    [{ ...local, keepMinutes: 0 }, 'must be at least 1'],
    [{ ...local, keepMinutes: 1_441 }, 'must be at most 1440'],
    [{ ...local, keepMinutes: 0.5 }, 'must be a whole number, not 0.5'],
    [{ ...existing, keepMinutes: 5 }, 'with target: existing nothing is made but a topic or stream'],
  ])('of %j is refused', (input, detail) => {
    const parsed = parseInput(experimentSchema, input);
    expect(parsed.ok ? [] : parsed.errors).toEqual([
      { pointer: '/keepMinutes', detail: expect.stringContaining(detail) },
    ]);
  });

  test('is left out where nothing was written', () => {
    expect(experimentSchema.parse(local)).not.toHaveProperty('keepMinutes');
  });
});

describe('keepMinutes of a comparison', () => {
  const variants = [
    { name: 'made', technology: 'kafka' },
    { name: 'there', technology: 'kafka', target: 'existing', settings: { cluster: 'ours' } },
  ];

  test('is that of the variants for which anything is made', () => {
    const comparison = comparisonSchema.parse({ name: 'both', workload, keepMinutes: 5, variants });
    expect(comparison.variants.map((_, index) => variantExperiment(comparison, index).keepMinutes)).toEqual([
      5,
      undefined,
    ]);
  });

  test('is refused where there is none', () => {
    const only = { name: 'one', workload, keepMinutes: 5, variants: [variants[1]] };
    const parsed = parseInput(comparisonSchema, only);
    expect(parsed.ok ? [] : parsed.errors).toEqual([
      { pointer: '/keepMinutes', detail: expect.stringContaining('leave it out') },
    ]);
  });
});
