import { describe, expect, test } from '@jest/globals';
import { steadinessOf } from '../../../src/analysis/steady/steadiness.ts';
import type { LoadPart, OpenSessionOutput } from '../../../src/contracts/documents/load-parts.ts';
import { consumePart, producePart } from '../../support/load-parts.ts';

type Warmup = OpenSessionOutput['warmup'];

const warm: Warmup = { acknowledged: 1, refusals: [], seconds: 7, level: true, moving: null, reason: null };
const cold: Warmup = {
  ...warm,
  seconds: 60,
  level: false,
  moving: 'better',
  reason: 'latency was still falling: its p50 went from 8 to 6 ms in 10 s',
};
const untold: Warmup = { ...warm, level: null };

const steady = { steady: true, steadyReason: null, moving: null };
const notTold = { steady: null, steadyReason: null, moving: null };
const coldReason = `${cold.reason}, after 60 s of warm-up`;

/** Ten seconds and the drain, of a product that takes so long. */
function parts(p50s: readonly number[], rate = 1_000): LoadPart[] {
  const lateSeconds = Math.min(...p50s) / 1_000;
  const arrivedBy = (second: number) => rate * Math.max(0, Math.min(p50s.length, second - lateSeconds));
  return [
    producePart({}),
    consumePart({
      series: [...p50s, 0, 0].map((ms, index) => ({
        second: index + 1,
        received: Math.round(arrivedBy(index + 1) - arrivedBy(index)),
        secondsLeft: null,
        endToEndP50Ms: ms || null,
        endToEndP99Ms: ms || null,
      })),
    }),
  ];
}

const level = Array<number>(10).fill(8);
const falling = [20, 19, 18, 17, 16, 10, 9, 8, 8, 8];

describe('a measurement is steady', () => {
  test.each<[string, number[], Warmup[], object]>([
    ['after a warm-up that became level', level, [warm], steady],
    ['after none', level, [], steady],
    ['after one that could not tell', level, [untold, warm], steady],
    ['where the product is slow', Array(10).fill(700), [warm], steady],
    ['where it is slower than a second', Array(10).fill(1_700), [warm], steady],
  ])('%s', (_, p50s, warmups, found) => {
    expect(steadinessOf('constant', p50s.length, parts(p50s), warmups)).toEqual(found);
  });

  test('but not after a warm-up that never became level, of whichever load generator', () => {
    expect(steadinessOf('constant', 10, parts(level), [warm, cold])).toEqual({
      steady: false,
      steadyReason: coldReason,
      moving: 'better',
    });
  });

  test('nor where its halves differ', () => {
    const found = steadinessOf('constant', 10, parts(falling), [cold]);
    expect(found).toEqual({
      steady: false,
      steadyReason: 'latency was still falling: the p50 of the second half is 56% below the first',
      moving: 'better',
    });
  });

  test('and what cannot be told is not said', () => {
    expect(steadinessOf('constant', 5.9, parts(level.slice(5)), [warm])).toEqual(notTold);
    expect(steadinessOf('constant', 5, parts(level.slice(5)), [cold])).toMatchObject({
      steadyReason: coldReason,
    });
    expect(steadinessOf('steps', 10, parts(falling), [cold])).toEqual(notTold);
  });

  test.each(['capacity-search', 'ladder'] as const)(
    'of the rate that a %s ends with, whatever its warm-up was at another',
    (shape) => {
      expect(steadinessOf(shape, 10, parts(level), [cold])).toEqual(steady);
      expect(steadinessOf(shape, 10, parts(falling), [warm]).steady).toBe(false);
    },
  );
});
