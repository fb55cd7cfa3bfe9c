import { expect, test } from '@jest/globals';
import type { JsonSchema } from '../../src/analysis/report/reference.ts';
import { faultOf, textOfValue, valueOfText, valuesOfText } from '../../src/web/create/fields/field-values.ts';
import { inWords } from '../../src/web/create/fields/field-words.ts';
import { type FieldSpec, fieldsOfSchema, shapesOf } from '../../src/web/create/fields/schema-fields.ts';

const schema = {
  type: 'object',
  required: ['rate'],
  properties: {
    rate: { type: 'number', exclusiveMinimum: 0, maximum: 1_000, description: 'how many' },
    partitions: { type: 'integer', minimum: 1, maximum: 10, default: 4 },
    acks: {
      anyOf: [
        { type: 'number', enum: [0, 1] },
        { type: 'string', const: 'all' },
      ],
      default: 'all',
    },
    idempotence: { type: 'boolean', default: true },
    serverProperties: { type: 'object', default: {} },
    label: { type: 'string' },
    steps: { type: 'array', items: { type: 'object' } },
    rates: { type: 'array', items: { type: 'number', exclusiveMinimum: 0 } },
    load: {
      oneOf: [
        { type: 'object', properties: { shape: { const: 'constant' }, rate: { type: 'number' } } },
        { type: 'object', properties: { shape: { const: 'steps' } } },
      ],
    },
  },
} as unknown as JsonSchema;

const fields = Object.fromEntries(fieldsOfSchema(schema).map((field) => [field.name, field]));
const field = (name: string) => fields[name] as FieldSpec;

test('every field has the kind that its schema says; lists of objects and unions are others’', () => {
  expect(Object.fromEntries(Object.values(fields).map(({ name, kind }) => [name, kind]))).toEqual({
    rate: 'number',
    partitions: 'number',
    acks: 'choice',
    idempotence: 'switch',
    serverProperties: 'object',
    label: 'text',
    rates: 'list',
  });
  expect(field('acks').choices).toEqual([0, 1, 'all']);
  expect(shapesOf(schema.properties?.load ?? {}).map(({ by, value }) => [by, value])).toEqual([
    ['shape', 'constant'],
    ['shape', 'steps'],
  ]);
});

test.each<[string, string, unknown]>([
  ['rate', ' 1,500.5 ', 1_500.5],
  ['rate', '', undefined],
  ['rate', 'many', 'many'],
  ['rate', '1,234,567', 1_234_567],
  ['rate', '-1,500', -1_500],
  ['rate', '1.', 1],
  ['rate', '0.5', 0.5],
  ['rate', '2e3', 2_000],
  ['rate', '2,5', '2,5'],
  ['rate', '1,5000', '1,5000'],
  ['rate', '1,,000', '1,,000'],
  ['rate', '1.5,000', '1.5,000'],
  ['rate', '1e999', '1e999'],
  ['rate', '0x10', '0x10'],
  ['partitions', '5.000', '5.000'],
  ['partitions', '5.0', 5],
  ['rate', '5.000', 5],
  ['rates', '100, 2,000, 0.5', [100, 2_000, 0.5]],
  ['rates', '100,20', [100, 20]],
  ['rates', '100 20; 3', [100, 20, 3]],
  ['rates', '100,200', ['100,200']],
  ['rates', '', undefined],
  ['acks', '1', 1],
  ['acks', 'all', 'all'],
  ['acks', '7', '7'],
  ['idempotence', 'false', false],
  ['serverProperties', '{"a": 1}', { a: 1 }],
  ['serverProperties', '{"a"', '{"a"'],
  ['label', '1', '1'],
])('%s, typed as %j, is %j', (name, text, expected) => {
  expect(valueOfText(field(name), text)).toEqual(expected);
});

test.each<[string, string, unknown[]]>([
  ['partitions', '1,4,16', [1, 4, 16]],
  ['partitions', '1, 4,', [1, 4]],
  ['partitions', '1,000, 2,000', [1_000, 2_000]],
  ['partitions', '1,000', ['1,000']],
  ['acks', '0, all', [0, 'all']],
  ['acks', '0,all', [0, 'all']],
])('several of %s, typed as %j, are %j', (name, text, expected) => {
  expect(valuesOfText(field(name), text)).toEqual(expected);
});

const pointNotComma = 'must be a number: a comma is of thousands only, as in 1,500; write 2.5 with a point';
const oneOrSeveral = 'may be one value or several: write 1500 without a comma, or a space after each comma';

test.each<[string, unknown, string | null]>([
  ['rate', undefined, 'is needed'],
  ['rate', 0, 'must be more than 0'],
  ['rate', 0.1, null],
  ['rate', 1_001, 'must be at most 1,000'],
  ['rate', 'many', 'must be a number, such as 1500 or 2.5'],
  ['rate', '', 'is needed'],
  ['partitions', 'many', 'must be a whole number, such as 4 or 1500'],
  ['rate', '2,5', pointNotComma],
  ['partitions', '1,000', oneOrSeveral],
  ['partitions', '5.000', 'must be a whole number: a point is not of thousands; write 1500 or 1,500'],
  ['rates', [1, 2.5], null],
  ['rates', [1, '100,200'], `100,200 ${oneOrSeveral}`],
  ['rates', [1, 0], '0 must be more than 0'],
  ['partitions', undefined, null],
  ['partitions', 0, 'must be at least 1'],
  ['partitions', 1, null],
  ['partitions', 1.5, 'must be a whole number'],
  ['acks', '7', 'must be one of 0, 1, all'],
  ['idempotence', 'perhaps', 'must be true or false'],
  ['serverProperties', '{"a"', 'must be a JSON object, such as {"a": 1}'],
])('of %s, %j: %j', (name, value, expected) => {
  expect(faultOf(field(name), value)).toBe(expected);
});

test.each([
  [undefined, ''],
  [null, ''],
  [4, '4'],
  [{ a: 1 }, '{"a":1}'],
])('%j is shown as %j', (value, text) => {
  expect(textOfValue(value)).toBe(text);
});

test.each([
  ['messageSizeBytes', 'Message size, bytes'],
  ['messagesPerSecond', 'Messages/s'],
  ['startMessagesPerSecond', 'Start, messages/s'],
  ['keepMinutes', 'Keep, minutes'],
  ['maxMinutes', 'Max minutes'],
  ['maxMessagesPerSecond', 'Max messages/s'],
  ['maxWarmupSeconds', 'Max warmup, seconds'],
  ['maxCostUsd', 'Max cost, USD'],
  ['heapMegabytes', 'Heap, MiB'],
  ['storageGibibytes', 'Storage, GiB'],
])('%s is labelled %j: a name, and its unit', (name, label) => {
  expect(inWords(name)).toBe(label);
});
