import { describe, expect, test } from '@jest/globals';
import { keyChooser, seededNumbers } from '../../../loadgen/measure/keys.ts';
import { zipfRanks } from '../../../loadgen/measure/zipf.ts';
import { seededRandom } from '../../../src/contracts/input/grid/random.ts';

describe('keys', () => {
  test('are none, or every one about as often', () => {
    expect(keyChooser({ distribution: 'none' })()).toBeNull();
    const choose = keyChooser({ distribution: 'uniform', cardinality: 4 });
    const seen = new Map<string, number>();
    for (let draw = 0; draw < 4_000; draw++) {
      const key = String(choose());
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    expect([...seen.keys()].sort()).toEqual(['key-0', 'key-1', 'key-2', 'key-3']);
    expect(Math.min(...seen.values())).toBeGreaterThan(800);
  });

  test('are made on the spot beyond what is kept', () => {
    expect(String(keyChooser({ distribution: 'uniform', cardinality: 1_000_000 }, () => 0.999_999_9)())).toBe(
      'key-999999',
    );
  });

  test('by Zipf are the frequent ones first', () => {
    const choose = keyChooser({ distribution: 'zipf', cardinality: 100, exponent: 1 }, seededRandom(3));
    const seen = new Map<string, number>();
    for (let draw = 0; draw < 10_000; draw++) {
      const key = String(choose());
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    const ranking = [...seen].sort(([, a], [, b]) => b - a).map(([key]) => key);
    expect(ranking.slice(0, 3)).toEqual(['key-0', 'key-1', 'key-2']);
  });
});

describe('seeded numbers', () => {
  test('are the same ones for the same seed, and others for another', () => {
    const draw = (seed: number) => {
      const next = seededNumbers(seed);
      return Array.from({ length: 1_000 }, next);
    };
    expect(draw(7)).toEqual(draw(7));
    const seeds = [0, 1, 2, 3, 1_000].map(draw);
    for (const one of seeds) {
      for (const other of seeds) {
        if (one !== other) expect(one.filter((value) => other.includes(value))).toEqual([]);
      }
    }
  });

  test('lie evenly in [0, 1), each with as many bits as a fraction has', () => {
    const next = seededNumbers(3);
    const tenths = new Array<number>(10).fill(0);
    let isFine = false;
    for (let draw = 0; draw < 100_000; draw++) {
      const value = next();
      if (!(value >= 0 && value < 1)) throw new Error(`${value} is not in [0, 1)`);
      const tenth = Math.floor(value * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
      isFine ||= (value * 2 ** 32) % 1 !== 0;
    }
    expect(isFine).toBe(true);
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });
});

describe('Zipf ranks', () => {
  test.each([
    { count: 1, exponent: 1 },
    { count: 2, exponent: 0.01 },
    { count: 10, exponent: 0.5 },
    { count: 100, exponent: 0.99 },
    { count: 100, exponent: 1 },
    { count: 100, exponent: 1 + 1e-9 },
    { count: 1_000, exponent: 1.5 },
    { count: 10_000_000, exponent: 0.99 },
    { count: 10_000_000, exponent: 10 },
  ])('of $count with exponent $exponent come as often as the law says', ({ count, exponent }) => {
    const draws = 200_000;
    const next = zipfRanks(count, exponent, seededRandom(11));
    let normalizer = 0;
    for (let rank = 1; rank <= count; rank++) normalizer += rank ** -exponent;
    // Bins of one rank each as long as they are frequent enough for the test, then of the rest.
    const bins: { until: number; expected: number; seen: number }[] = [];
    let from = 1;
    for (let rank = 1, expected = 0; rank <= count; rank++) {
      expected += (draws * rank ** -exponent) / normalizer;
      if (expected < draws / 50 && rank < count) continue;
      bins.push({ until: rank, expected, seen: 0 });
      from = rank + 1;
      expected = 0;
    }
    expect(from).toBe(count + 1);
    for (let draw = 0; draw < draws; draw++) {
      const rank = next();
      if (!(Number.isInteger(rank) && rank >= 1 && rank <= count))
        throw new Error(`rank ${rank} of ${count}`);
      const bin = bins.find(({ until }) => rank <= until);
      if (bin) bin.seen++;
    }
    const usable = bins.filter(({ expected }) => expected >= 5);
    const chiSquared = usable.reduce((sum, { expected, seen }) => sum + (seen - expected) ** 2 / expected, 0);
    // The 99.99% quantile of chi-squared, by Wilson and Hilferty.
    const freedom = Math.max(1, usable.length - 1);
    const limit = freedom * (1 - 2 / (9 * freedom) + 3.719 * Math.sqrt(2 / (9 * freedom))) ** 3;
    expect(chiSquared).toBeLessThan(limit);
    expect(bins.reduce((sum, { seen }) => sum + seen, 0)).toBe(draws);
  });

  test('take hardly more than one uniform number each', () => {
    const random = seededRandom(5);
    let used = 0;
    const next = zipfRanks(1_000_000, 0.99, () => {
      used++;
      return random();
    });
    for (let draw = 0; draw < 100_000; draw++) next();
    expect(used).toBeLessThan(110_000);
  });
});
