import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  addPlane,
  countBits,
  countLost,
  countOutcomes,
  decodeLedger,
  encodeLedger,
  LedgerTally,
  type Plane,
} from '../../../src/contracts/storage/ledger-format.ts';

/** A plane of 96 messages in which these are set. */
function planeOf(sequences: Iterable<number>): Plane {
  const plane = new Uint32Array(3);
  for (const sequence of sequences) {
    const word = Math.floor(sequence / 32);
    plane[word] = (plane[word] ?? 0) | (1 << (sequence % 32));
  }
  return plane;
}

const sequences = fc.uniqueArray(fc.integer({ min: 0, max: 95 })).map((list) => new Set(list));

describe('a stored ledger', () => {
  test('gives back what was stored, wherever its bytes lie', () => {
    const plane = fc
      .array(fc.nat({ max: 2 ** 32 - 1 }), { maxLength: 5 })
      .map((words) => Uint32Array.from(words));
    const outcomes = fc
      .array(fc.tuple(fc.nat(63), plane))
      .map((list) => list.map(([producer, low]) => ({ producer, low, high: low.map((word) => ~word) })));
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
    const bytes = encodeLedger({ kind: 'received', producers: [{ producer: 0, received: planeOf([1]) }] });
    expect(() => decodeLedger(bytes.subarray(0, -1))).toThrow('cut short');
    expect(() => decodeLedger(Buffer.from('nothing'))).toThrow('begins with a line of JSON');
  });
});

describe('a tally', () => {
  test('over several generators says what one would have said', () => {
    const producers = fc.array(fc.record({ acknowledged: sequences, failed: sequences }), {
      minLength: 1,
      maxLength: 4,
    });
    const arrivals = fc.array(fc.array(sequences, { minLength: 4, maxLength: 4 }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(producers, arrivals, fc.boolean(), (outcomes, generators, outcomesFirst) => {
        const tally = new LedgerTally();
        const addOutcomes = () =>
          outcomes.forEach(({ acknowledged, failed }, producer) => {
            const onlyFailed = [...failed].filter((sequence) => !acknowledged.has(sequence));
            tally.add({
              kind: 'outcomes',
              producers: [{ producer, low: planeOf(acknowledged), high: planeOf(onlyFailed) }],
            });
          });
        if (outcomesFirst) addOutcomes();
        for (const arrived of generators) {
          tally.add({
            kind: 'received',
            producers: outcomes.map((_, producer) => ({
              producer,
              received: planeOf(arrived[producer] ?? []),
            })),
          });
        }
        if (!outcomesFirst) addOutcomes();
        let [received, copies, lost] = [0, 0, 0];
        outcomes.forEach(({ acknowledged }, producer) => {
          const anywhere = new Set(generators.flatMap((arrived) => [...(arrived[producer] ?? [])]));
          received += anywhere.size;
          copies += generators.reduce((sum, arrived) => sum + (arrived[producer]?.size ?? 0), 0);
          lost += [...acknowledged].filter((sequence) => !anywhere.has(sequence)).length;
        });
        expect(tally.counts()).toEqual({ received, lost, duplicated: copies - received });
      }),
    );
  });

  test('counts what was acknowledged and never told of as lost', () => {
    const tally = new LedgerTally();
    tally.add({ kind: 'outcomes', producers: [{ producer: 5, low: planeOf([1, 40]), high: planeOf([40]) }] });
    expect(tally.counts()).toEqual({ received: 0, duplicated: 0, lost: 1 });
  });
});

test('100 million messages are counted, merged and stored in planes of 12.5 MB each', () => {
  const messages = 100_000_000;
  const words = messages / 32;
  const low = new Uint32Array(words).fill(0xffff_ffff);
  const received = new Uint32Array(words).fill(0xffff_fffe);
  expect(countOutcomes({ low, high: new Uint32Array(words) }, messages).acknowledged).toBe(messages);
  expect(countBits(received)).toBe(messages - words);
  expect(countLost({ low, high: new Uint32Array(words) }, received)).toBe(words);
  addPlane(received, low);
  expect(countBits(received)).toBe(messages);
  const bytes = encodeLedger({ kind: 'received', producers: [{ producer: 0, received }] });
  expect(bytes.length).toBeLessThan(12_500_100);
});
