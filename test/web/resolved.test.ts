import { expect, test } from '@jest/globals';
import { fieldsOfSchema } from '../../src/web/create/fields/schema-fields.ts';
import { resolvedSettings, withResolved } from '../../src/web/create/preview/resolved.ts';

const fields = fieldsOfSchema({
  properties: {
    brokers: { type: 'integer', default: 1 },
    acks: { type: 'integer', default: 1 },
    properties: { type: 'object' },
  },
});
const variant = { name: ' Kafka ', technology: 'kafka', target: 'local', settings: {} };
const answer = (spec: object) => ({ spec }) as never;
const ofTwo = answer({
  variants: [
    { name: 'NATS', technology: 'nats', settings: { replicas: 3 } },
    { name: 'Kafka', technology: 'kafka', settings: { brokers: 3 } },
  ],
});

test('a default is what holds beside the other settings, and no value of the user’s', () => {
  const shown = withResolved(fields, { acks: 0 }, { brokers: 3, acks: 0, properties: { a: 1 } });
  expect(shown.map(({ preset }) => preset)).toEqual([3, 1, undefined]);
  expect(withResolved(fields, {}, {}).map(({ preset }) => preset)).toEqual([1, 1, undefined]);
});

test.each([
  ['by its name, of several', ofTwo, variant, { brokers: 3 }],
  ['of the only one', answer({ technology: 'kafka', settings: { brokers: 2 } }), variant, { brokers: 2 }],
  ['not while there is no answer', null, variant, {}],
  ['not of another technology', ofTwo, { ...variant, technology: 'nats' }, {}],
  ['not where several values are tried', ofTwo, { ...variant, sweep: { acks: [0, 1] } }, {}],
])('the settings of a variant are found %s', (_, given, of, expected) => {
  expect(resolvedSettings(given, of)).toEqual(expected);
});
