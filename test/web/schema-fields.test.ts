import { expect, test } from '@jest/globals';
import type { JsonSchema } from '../../src/analysis/report/reference.ts';
import {
  type FieldSpec,
  faultOf,
  fieldsOfSchema,
  shapesOf,
  textOfValue,
  valueOfText,
} from '../../src/web/create/fields/schema-fields.ts';

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
    steps: { type: 'array' },
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

test('every field has the kind that its schema says; lists and unions are others’', () => {
  expect(Object.fromEntries(Object.values(fields).map(({ name, kind }) => [name, kind]))).toEqual({
    rate: 'number',
    partitions: 'number',
    acks: 'choice',
    idempotence: 'switch',
    serverProperties: 'object',
    label: 'text',
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

test.each<[string, unknown, string | null]>([
  ['rate', undefined, 'is needed'],
  ['rate', 0, 'must be more than 0'],
  ['rate', 0.1, null],
  ['rate', 1_001, 'must be at most 1,000'],
  ['rate', 'many', 'must be a number'],
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
