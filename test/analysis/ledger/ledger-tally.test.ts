import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LedgerTally } from '../../../src/analysis/ledger/ledger-tally.ts';
import type { Plane } from '../../../src/contracts/storage/ledger-format.ts';

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
              producers: [
                { producer, maybeTaken: planeOf(acknowledged), notAcknowledged: planeOf(onlyFailed) },
              ],
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
        expect(tally.totals()).toEqual({ received, lost, duplicated: copies - received });
      }),
    );
  });

  test('counts what was acknowledged and never told of as lost', () => {
    const tally = new LedgerTally();
    tally.add({
      kind: 'outcomes',
      producers: [{ producer: 5, maybeTaken: planeOf([1, 40]), notAcknowledged: planeOf([40]) }],
    });
    expect(tally.totals()).toEqual({ received: 0, duplicated: 0, lost: 1 });
  });
});
