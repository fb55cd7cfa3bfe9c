import { expect, test } from '@jest/globals';
import { comparisonSchema } from '../../../../src/contracts/input/comparison.ts';
import { gridOf, variantExperimentId } from '../../../../src/contracts/input/grid/grid.ts';
import { expandSweeps, mostVariants } from '../../../../src/contracts/input/grid/sweep.ts';
import { comparisonDocument } from '../../../support/documents.ts';

const swept = (variant: object, more: object = {}) => ({
  ...comparisonDocument,
  variants: [{ name: 'Kafka', technology: 'kafka', ...variant }],
  ...more,
});

function faults(document: unknown): string[] {
  const parsed = comparisonSchema.safeParse(document);
  return (parsed.error?.issues ?? []).map(({ path, message }) => `/${path.join('/')}: ${message}`);
}

test('a sweep is a variant for each combination, the last setting first', () => {
  const { variants } = comparisonSchema.parse(
    swept({ settings: { lingerMs: 5 }, sweep: { partitions: [1, 4], acks: [1, 'all'] } }),
  );
  expect(variants.map(({ name }) => name)).toEqual([
    'Kafka, partitions 1, acks 1',
    'Kafka, partitions 1, acks all',
    'Kafka, partitions 4, acks 1',
    'Kafka, partitions 4, acks all',
  ]);
  expect(variants.map(({ settings }) => settings)).toMatchObject([
    { partitions: 1, acks: 1, lingerMs: 5 },
    { partitions: 1, acks: 'all', lingerMs: 5 },
    { partitions: 4, acks: 1, lingerMs: 5 },
    { partitions: 4, acks: 'all', lingerMs: 5 },
  ]);
  expect(variants.some((variant) => 'sweep' in variant)).toBe(false);
});

test('what was accepted is accepted again', () => {
  const spec = comparisonSchema.parse(swept({ sweep: { partitions: [1, 4] } }, { repetitions: 3 }));
  expect(comparisonSchema.parse(spec)).toEqual(spec);
});

test('a fault in a value is told where it was written, once', () => {
  expect(faults(swept({ sweep: { partitions: [1, -4], acks: [1, 'all'] } }))).toEqual([
    expect.stringMatching('^/variants/0/sweep/partitions/1: '),
  ]);
  expect(faults(swept({ settings: { linger: 5 }, sweep: { partitions: [1, 2] } }))).toEqual([
    expect.stringMatching('^/variants/0/settings'),
  ]);
  expect(faults(swept({ sweep: { partition: [1, 2] } }))[0]).toMatch(
    /^\/variants\/0\/sweep: .*did you mean partitions/,
  );
});

test.each<[string, object, object, string]>([
  ['no values', { sweep: { partitions: [] } }, {}, '/variants/0/sweep'],
  ['values that are no list', { sweep: { partitions: 4 } }, {}, '/variants/0/sweep'],
  [
    'a setting that has a value',
    { settings: { acks: 1 }, sweep: { acks: [1, 'all'] } },
    {},
    '/variants/0/sweep/acks',
  ],
  ['equal values', { sweep: { partitions: [2, 2] } }, {}, '/variants/0/name'],
  ['no repetition', {}, { repetitions: 0 }, '/repetitions'],
  ['half a repetition', {}, { repetitions: 1.5 }, '/repetitions'],
  ['a seed in words', {}, { seed: 'one' }, '/seed'],
])('%s is refused', (_, variant, more, path) => {
  expect(faults(swept(variant, more)).some((fault) => fault.startsWith(path))).toBe(true);
});

test('more experiments than anybody waits for are refused, however they come about', () => {
  const many = Array.from({ length: 50 }, (_, index) => index + 1);
  expect(faults(swept({ sweep: { partitions: many } }, { repetitions: 20 }))[0]).toMatch('at most 500');
  expect(faults(swept({ sweep: { partitions: many, lingerMs: many, batchSizeBytes: many } }))[0]).toMatch(
    '500',
  );
});

test('each block has every variant once, in an order that the seed decides', () => {
  const spec = comparisonSchema.parse(
    swept({ sweep: { partitions: [1, 2, 3, 4, 5, 6] } }, { repetitions: 5, seed: 7 }),
  );
  const runs = gridOf(spec, 'an-id');
  expect(runs).toHaveLength(30);
  const blocks = [1, 2, 3, 4, 5].map((block) => runs.filter(({ repetition }) => repetition === block));
  expect(runs.map(({ repetition }) => repetition)).toEqual(runs.map((_, index) => Math.floor(index / 6) + 1));
  for (const block of blocks) {
    expect(block.map(({ variant }) => variant).sort()).toEqual([0, 1, 2, 3, 4, 5]);
  }
  expect(new Set(blocks.map((block) => block.map(({ variant }) => variant).join())).size).toBeGreaterThan(1);
  expect(gridOf(spec, 'an-id')).toEqual(runs);
  expect(gridOf({ ...spec, seed: 8 }, 'an-id')).not.toEqual(runs);
  expect(new Set(runs.map(({ experimentId }) => experimentId)).size).toBe(30);
});

test('a variant comes first about as often as any other', () => {
  const spec = comparisonSchema.parse(
    swept({ sweep: { partitions: [1, 2, 3, 4] } }, { repetitions: 100, seed: 2 }),
  );
  const firsts = gridOf(spec, 'an-id').filter((_, index) => index % 4 === 0);
  for (const variant of [0, 1, 2, 3]) {
    const count = firsts.filter((run) => run.variant === variant).length;
    expect([variant, count > 10 && count < 40]).toEqual([variant, true]);
  }
});

test('a single repetition keeps the order of the document and the ids of before', () => {
  const spec = comparisonSchema.parse(swept({ sweep: { partitions: [1, 2, 3] } }));
  expect(gridOf(spec, 'an-id').map(({ experimentId }) => experimentId)).toEqual([
    'an-id-01',
    'an-id-02',
    'an-id-03',
  ]);
  expect(variantExperimentId('an-id', 0, 11)).toBe('an-id-01-12');
});

test('sweeps behind one that is cut off make no variants, whatever stands between them', () => {
  const values = Array.from({ length: 50 }, (_, index) => index);
  const swept = { name: 'many', sweep: { one: values, two: values, three: values } };
  const plain = { name: 'one' };
  const { variants } = expandSweeps([swept, plain, plain, swept, plain, swept]);
  expect(variants).toHaveLength(mostVariants + 1 + 3);
});

test('of far too many variants only as many are looked at as tell that', () => {
  const variants = Array.from({ length: 20_000 }, () => ({ name: 'Kafka', technology: 'kafka' }));
  const found = faults({ ...comparisonDocument, variants });
  expect(found).toContain(`/variants: must have at most ${mostVariants} items`);
  expect(found.length).toBeLessThan(3 * mostVariants);
});
