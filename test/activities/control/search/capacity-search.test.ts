import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  nextStep,
  type SearchBounds,
  type Tried,
} from '../../../../activities/control/search/capacity-search.ts';

const bounds: SearchBounds = {
  startMessagesPerSecond: 1_000,
  maxMessagesPerSecond: 1_000_000,
  resolutionPercent: 5,
};

/** Searches a product that says of each try whether it was sustained. */
function search(
  sustains: (messagesPerSecond: number, hold: boolean, count: number) => boolean,
  of: SearchBounds = bounds,
) {
  const tried: Tried[] = [];
  for (;;) {
    const { kind, messagesPerSecond } = nextStep(of, tried);
    if (messagesPerSecond === null) return { found: null, tried };
    const hold = kind === 'found';
    const sustained = sustains(messagesPerSecond, hold, tried.length);
    tried.push({ messagesPerSecond, hold, sustained });
    if (hold && sustained) return { found: messagesPerSecond, tried };
  }
}

const rates = ({ tried }: ReturnType<typeof search>) => tried.map((one) => one.messagesPerSecond);

describe('a capacity search', () => {
  test('doubles, then halves the distance, tries what failed once more, makes sure, and holds what it found', () => {
    const done = search((rate) => rate <= 3_000, { ...bounds, resolutionPercent: 20 });
    expect(rates(done)).toEqual([1_000, 2_000, 4_000, 4_000, 2_828, 3_363, 3_363, 3_363, 2_828]);
    expect(done.tried.at(-1)).toEqual({ messagesPerSecond: 2_828, sustained: true, hold: true });
  });

  test('goes on with what came through of a rate that failed, where that is less than the middle', () => {
    const limit = 75_000;
    const tried: Tried[] = [];
    for (let step = nextStep(bounds, tried); step.kind === 'probe'; step = nextStep(bounds, tried)) {
      const { messagesPerSecond } = step;
      const sustained = messagesPerSecond <= limit;
      const consumedMessagesPerSecond = Math.min(messagesPerSecond, limit);
      tried.push({ messagesPerSecond, hold: false, sustained, consumedMessagesPerSecond });
    }
    expect(tried.slice(7).map((one) => one.messagesPerSecond)).toEqual([
      ...[128_000, 128_000, 71_430, 75_000, 78_750, 78_750, 78_750],
    ]);
  });

  test('where hardly anything came through of a rate, goes on with the middle', () => {
    const tried: Tried[] = [
      { messagesPerSecond: 1_000, hold: false, sustained: true, consumedMessagesPerSecond: 1_000 },
      { messagesPerSecond: 2_000, hold: false, sustained: false, consumedMessagesPerSecond: 100 },
      { messagesPerSecond: 2_000, hold: false, sustained: false, consumedMessagesPerSecond: null },
    ];
    expect(nextStep(bounds, tried)).toMatchObject({ kind: 'probe', messagesPerSecond: 1_414 });
    expect(nextStep(bounds, tried.slice(0, 2).concat(tried.slice(1, 2)))).toMatchObject({
      messagesPerSecond: 1_414,
    });
  });

  test('finds the limit within the resolution, wherever it lies', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 2, max: 999_999, noNaN: true }),
        fc.double({ min: 0.5, max: 50, noNaN: true }),
        (limit, resolutionPercent) => {
          const { found, tried } = search((rate) => rate <= limit, { ...bounds, resolutionPercent });
          expect(found).toBeLessThanOrEqual(limit);
          expect(found).toBeGreaterThanOrEqual((limit / (1 + resolutionPercent / 100)) * 0.999);
          expect(tried.length).toBeLessThan(45);
        },
      ),
    );
  });

  test('is not led astray by one failure that says nothing', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 2_000, max: 900_000, noNaN: true }),
        fc.integer({ min: 0, max: 12 }),
        (limit, at) => {
          const { found } = search((rate, hold, count) => rate <= limit && (hold || count !== at));
          expect(found).toBeLessThanOrEqual(limit);
          expect(found).toBeGreaterThanOrEqual(limit / 1.05 / 1.001);
        },
      ),
    );
  });

  test('is not led astray by two failures at one rate that say nothing', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 2_000, max: 900_000, noNaN: true }),
        fc.integer({ min: 0, max: 12 }),
        (limit, at) => {
          let astray = 0;
          const { found } = search((rate, hold, count) => {
            const strays = !hold && (count === at || (count === at + 1 && astray === 1));
            if (strays) astray++;
            return rate <= limit && !strays;
          });
          expect(found).toBeLessThanOrEqual(limit);
          expect(found).toBeGreaterThanOrEqual(limit / 1.05 / 1.001);
        },
      ),
    );
  });

  test('does not count what the first try of a session fails at: the product was cold', () => {
    const tried: Tried[] = [
      { messagesPerSecond: 1_000, sustained: true, hold: false, session: 1 },
      { messagesPerSecond: 2_000, sustained: false, hold: false, session: 2 },
      { messagesPerSecond: 2_000, sustained: false, hold: false, session: 2 },
    ];
    expect(nextStep(bounds, tried)).toMatchObject({ kind: 'probe', messagesPerSecond: 2_000 });
    const warm = tried.map((one) => ({ ...one, session: 1 }));
    expect(nextStep(bounds, warm)).toMatchObject({ kind: 'probe', messagesPerSecond: 1_414 });
  });

  test('leaves the product alone for a while between two rates', () => {
    expect(nextStep(bounds, [])).toEqual({ kind: 'probe', messagesPerSecond: 1_000 });
    const first: Tried = { messagesPerSecond: 1_000, sustained: true, hold: false };
    expect(nextStep(bounds, [first])).toEqual({ kind: 'probe', messagesPerSecond: 2_000, restSeconds: 2 });
    const failed = { ...first, messagesPerSecond: 2_000, sustained: false };
    expect(nextStep(bounds, [first, failed])).toMatchObject({ messagesPerSecond: 2_000, restSeconds: 2 });
  });

  test('goes lower when what it found cannot be held', () => {
    const { found } = search((rate, hold) => rate <= (hold ? 8_000 : 10_000));
    expect(found).toBeLessThanOrEqual(8_000);
    expect(found).toBeGreaterThan(7_000);
  });

  test('stops at the highest rate that may be tried', () => {
    expect(search(() => true, { ...bounds, maxMessagesPerSecond: 5_000 }).found).toBe(5_000);
  });

  test('finds nothing where nothing is sustained', () => {
    const done = search(() => false);
    expect(done.found).toBeNull();
    expect(Math.min(...rates(done))).toBeGreaterThanOrEqual(1);
  });

  test('ends with a product that answers at random', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 200, maxLength: 200 }), (answers) => {
        const { tried } = search((_rate, hold, count) => hold || (answers[count] ?? true));
        expect(tried.length).toBeLessThanOrEqual(61);
      }),
    );
  });
});
