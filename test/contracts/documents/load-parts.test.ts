import { describe, expect, test } from '@jest/globals';
import { loadPartSchema, openedSessionSchema } from '../../../src/contracts/documents/load-parts.ts';
import { consumePart, producePart } from '../../support/load-parts.ts';

const product = { name: 'kafkajs', version: '2.2.4', adds: ['retries'] };
const opened = {
  warmup: { acknowledged: 500, refusals: [], seconds: 5, level: true, moving: null, reason: null },
  environment: {
    host: {
      cpuModel: 'model',
      cpuCount: 2,
      memoryBytes: 8_000_000_000,
      kernel: 'linux 6',
      calibration: {
        loopMillionsPerSecond: 580.5,
        hashMegabytesPerSecond: 1_700,
        copyMegabytesPerSecond: 8_000,
        fsyncP50Ms: null,
      },
    },
    node: '24.0.0',
    product: null,
    clients: { producer: product, consumer: product },
  },
};

/** What load generators of release 0.2.0 do not tell. */
const later = ['refusals', 'perPartition', 'product'];

describe('what a load generator tells', () => {
  const told = [
    { what: 'what producers measured', schema: loadPartSchema, document: producePart({}) },
    { what: 'what consumers measured', schema: loadPartSchema, document: consumePart({}) },
    { what: 'an opened session', schema: openedSessionSchema, document: opened },
  ];

  test.each(told)('is taken as it is: $what', ({ schema, document }) => {
    expect(schema.parse(document)).toEqual(document);
  });

  test.each(told)('may have what another version adds: $what', ({ schema, document }) => {
    expect(schema.parse({ ...document, drained: true })).toEqual(document);
  });

  test('of a release before 0.3.0 has no calibration', () => {
    const { calibration, ...host } = opened.environment.host;
    const before = { ...opened, environment: { ...opened.environment, host } };
    expect(calibration).toBeDefined();
    expect(openedSessionSchema.parse(before).environment.host.calibration).toBeNull();
  });

  test.each(told)('must have all that is needed: $what', ({ schema, document }) => {
    for (const field of Object.keys(document).filter((name) => !later.includes(name))) {
      expect(schema.safeParse({ ...document, [field]: undefined }).success).toBe(false);
    }
  });

  test.each([
    { part: producePart({ acknowledged: -1 }), why: 'a count below 0' },
    { part: producePart({ acknowledged: 1.5 }), why: 'half a message' },
    { part: { ...consumePart({}), kind: 'produce' }, why: 'the other side’s fields' },
    { part: { ...consumePart({}), endToEnd: [1, 2] }, why: 'a histogram that is not encoded' },
  ])('is refused for $why', ({ part }) => {
    expect(loadPartSchema.safeParse(part).success).toBe(false);
  });
});
