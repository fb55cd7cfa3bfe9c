import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  allocateLedger,
  countLostHere,
  findMissing,
  openLedger,
  receive,
  settle,
} from '../../../loadgen/measure/ledger.ts';
import { countBits, countOutcomes } from '../../../src/analysis/ledger/ledger-planes.ts';

describe('a ledger', () => {
  test('holds 100 million messages in 38 MB', () => {
    expect(allocateLedger(100_000_000).memory.byteLength).toBe(37_500_000);
  });

  test('lets the first outcome of a message stand', () => {
    const ledger = openLedger(allocateLedger(40));
    expect(settle(ledger, 39, 'indeterminate')).toBe(true);
    expect(settle(ledger, 39, 'acknowledged')).toBe(false);
    expect(countOutcomes(ledger, 40)).toEqual({ acknowledged: 0, failed: 0, indeterminate: 40 });
  });

  test('counts what was handed over and never settled as indeterminate, and nothing beyond it', () => {
    const ledger = openLedger(allocateLedger(100));
    settle(ledger, 0, 'acknowledged');
    settle(ledger, 1, 'failed');
    expect(countOutcomes(ledger, 10)).toEqual({ acknowledged: 1, failed: 1, indeterminate: 8 });
  });

  test('tells copies from first arrivals', () => {
    const ledger = openLedger(allocateLedger(64));
    expect([31, 32, 31, 63].map((sequence) => receive(ledger, sequence))).toEqual([true, true, false, true]);
    expect(countBits(ledger.received)).toBe(3);
  });

  test('agrees with a plain account of whatever happens', () => {
    const events = fc.array(
      fc.record({
        sequence: fc.integer({ min: 0, max: 199 }),
        what: fc.constantFrom('acknowledged', 'failed', 'indeterminate', 'received'),
      }),
      { maxLength: 600 },
    );
    fc.assert(
      fc.property(events, (list) => {
        const ledger = openLedger(allocateLedger(200));
        const outcomes = new Map<number, string>();
        const received = new Set<number>();
        for (const { sequence, what } of list) {
          if (what === 'received') {
            expect(receive(ledger, sequence)).toBe(!received.has(sequence));
            received.add(sequence);
          } else {
            expect(settle(ledger, sequence, what)).toBe(!outcomes.has(sequence));
            if (!outcomes.has(sequence)) outcomes.set(sequence, what);
          }
        }
        const withOutcome = (outcome: string) =>
          [...outcomes].filter(([, of]) => of === outcome).map(([sequence]) => sequence);
        const lost = withOutcome('acknowledged').filter((sequence) => !received.has(sequence));
        expect(countOutcomes(ledger, 200)).toEqual({
          acknowledged: withOutcome('acknowledged').length,
          failed: withOutcome('failed').length,
          indeterminate: 200 - withOutcome('acknowledged').length - withOutcome('failed').length,
        });
        expect(countBits(ledger.received)).toBe(received.size);
        expect(countLostHere(ledger)).toBe(lost.length);
        expect(findMissing(ledger, 0)).toBe(lost.length === 0 ? null : Math.floor(Math.min(...lost) / 32));
      }),
    );
  });
});
