import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as header from '../../../loadgen/measure/header.ts';

describe('the header', () => {
  test('keeps what is written, also beyond 2^32', () => {
    const whole = { maxExcluded: false };
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 32 - 1, ...whole }),
        fc.integer({ min: 0, max: 65_535 }),
        fc.integer({ min: 0, max: 65_535 }),
        fc.maxSafeInteger().map(Math.abs),
        fc.maxSafeInteger().map(Math.abs),
        (session, round, producer, sequence, micros) => {
          const buffer = Buffer.alloc(header.headerBytes);
          header.writeOrigin(buffer, { session, round, producer });
          header.writeMessage(buffer, sequence, micros);
          expect(header.hasHeader(buffer)).toBe(true);
          expect([header.readSession(buffer), header.readRound(buffer), header.readProducer(buffer)]).toEqual(
            [session, round, producer],
          );
          expect([header.readSequence(buffer), header.readIntendedMicros(buffer)]).toEqual([
            sequence,
            micros,
          ]);
        },
      ),
    );
  });

  test('is not seen in what others sent', () => {
    expect(header.hasHeader(Buffer.alloc(100))).toBe(false);
    expect(header.hasHeader(Buffer.from('CMP1'))).toBe(false);
  });
});
