import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ZodError } from 'zod';
import { decodeLedger, encodeLedger } from '../../../src/contracts/storage/ledger-format.ts';

describe('a stored ledger', () => {
  test('gives back what was stored, wherever its bytes lie', () => {
    const plane = fc
      .array(fc.nat({ max: 2 ** 32 - 1 }), { maxLength: 5 })
      .map((words) => Uint32Array.from(words));
    const outcomes = fc.array(fc.tuple(fc.nat(63), plane)).map((list) =>
      list.map(([producer, maybeTaken]) => ({
        producer,
        maybeTaken,
        notAcknowledged: maybeTaken.map((word) => ~word),
      })),
    );
    const received = fc.array(fc.record({ producer: fc.nat(63), received: plane }));
    const parts = fc.oneof(
      outcomes.map((producers) => ({ kind: 'outcomes' as const, producers })),
      received.map((producers) => ({ kind: 'received' as const, producers })),
    );
    fc.assert(
      fc.property(parts, fc.nat(7), (part, offset) => {
        const bytes = encodeLedger(part);
        const elsewhere = Buffer.alloc(bytes.length + offset).subarray(offset);
        elsewhere.set(bytes);
        expect(decodeLedger(elsewhere)).toEqual(part);
      }),
    );
  });

  test('is refused when it is cut short, or none at all', () => {
    const bytes = encodeLedger({
      kind: 'received',
      producers: [{ producer: 0, received: Uint32Array.of(2, 0, 0) }],
    });
    expect(() => decodeLedger(bytes.subarray(0, -1))).toThrow('cut short');
    expect(() => decodeLedger(Buffer.from('nothing'))).toThrow('begins with a line of JSON');
  });

  test('is refused when its head says nothing that can be read', () => {
    for (const head of [
      '{}',
      '{"kind":"outcomes"}',
      '{"kind":"received","producers":[{"producer":0,"words":-1}]}',
    ]) {
      expect(() => decodeLedger(Buffer.from(`${head}\n`))).toThrow(ZodError);
    }
  });

  test('may have what another version adds to its head', () => {
    const head = '{"kind":"received","producers":[{"producer":0,"words":0,"more":1}],"more":1}';
    expect(decodeLedger(Buffer.from(`${head}\n`))).toEqual({
      kind: 'received',
      producers: [{ producer: 0, received: new Uint32Array() }],
    });
  });
});
