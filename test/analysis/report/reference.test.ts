import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { allowedText, fieldsOf, referenceMarkdown, topics } from '../../../src/analysis/report/reference.ts';
import { projectRoot } from '../../../src/config.ts';
import { metricPaths } from '../../../src/contracts/input/metric.ts';
import { technologyIds } from '../../../src/technologies/registry.ts';

test('the page in the repository is what the schemas say; npm run reference writes it', () => {
  expect(readFileSync(join(projectRoot, 'examples', 'REFERENCE.md'), 'utf8')).toBe(referenceMarkdown());
});

test('there is a topic for files, for each technology and for metrics', () => {
  const names = topics().map(({ name }) => name);
  expect(names).toEqual([
    'experiment',
    'comparison',
    'workload',
    ...technologyIds,
    'prices',
    'clusters',
    'keys',
    'metrics',
  ]);
});

test('every setting of every technology is explained', () => {
  const unexplained = topics()
    .filter(({ name }) => (technologyIds as string[]).includes(name))
    .flatMap(({ name, fields }) =>
      fields.filter(({ description }) => !description).map(({ path }) => `${name}.${path}`),
    );
  expect(unexplained).toEqual([]);
});

test('every metric has its unit and its meaning', () => {
  const fields = topics().find(({ name }) => name === 'metrics')?.fields ?? [];
  expect(fields.map(({ path }) => path)).toEqual([...metricPaths, 'perPartition.N']);
  expect(fields.find(({ path }) => path === 'latency.endToEnd.p99Ms')).toEqual({
    path: 'latency.endToEnd.p99Ms',
    allowed: 'milliseconds',
    defaultText: null,
    description: 'Intended send time to consumer',
  });
});

test('each shape of a load has its own fields, each once', () => {
  const fields = topics().find(({ name }) => name === 'workload')?.fields ?? [];
  const paths = fields.map(({ path }) => path).filter((path) => path.startsWith('load'));
  expect(paths).toEqual([
    'load',
    'load.shape: constant',
    'load.messagesPerSecond',
    'load.shape: steps',
    'load.steps',
    'load.steps[].messagesPerSecond',
    'load.steps[].seconds',
    'load.shape: capacity-search',
    'load.startMessagesPerSecond',
    'load.maxMessagesPerSecond',
    'load.probeSeconds',
    'load.resolutionPercent',
    'load.shape: ladder',
    'load.ratesMessagesPerSecond',
    'load.sharesPercent',
    'load.startMessagesPerSecond',
    'load.maxMessagesPerSecond',
    'load.probeSeconds',
    'load.resolutionPercent',
  ]);
});

test.each([
  [{ enum: ['a', 'b'] }, 'a, b'],
  [{ anyOf: [{ const: 1 }, { const: 3 }] }, '1, 3'],
  [{ type: 'boolean' }, 'true, false'],
  [{ type: 'integer', minimum: 32, maximum: 1_048_576 }, 'whole number, 32 to 1,048,576'],
  [{ type: 'number', exclusiveMinimum: 0, maximum: 10 }, 'number, more than 0 to 10'],
  [{ type: 'number', minimum: 1 }, 'number, at least 1'],
  [{ type: 'string' }, 'text'],
  [{ type: 'object', propertyNames: { enum: ['x', 'y'] } }, 'an object of x, y'],
])('%j may be %s', (schema, text) => {
  expect(allowedText(schema)).toBe(text);
});

test('a default is shown as it would be written', () => {
  const [field] = fieldsOf({
    properties: { acks: { enum: [0, 1, 'all'], default: 'all', description: 'Which' } },
  });
  expect(field).toEqual({ path: 'acks', allowed: '0, 1, all', defaultText: '"all"', description: 'Which' });
});
