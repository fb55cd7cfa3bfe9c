import { expect, test } from '@jest/globals';
import { differenceOf } from '../../../src/analysis/statistics/difference.ts';
import { middleOf } from '../../../src/analysis/statistics/signed-rank.ts';
import { seededRandom } from '../../../src/contracts/input/grid/random.ts';

/** What a run of a variant measures on a machine of this kind; `at` says how many ran before it. */
const machines: Record<string, (random: () => number, at: number) => number> = {
  normal: (random) => 100 + 10 * normal(random),
  'log-normal': (random) => 100 * Math.exp(0.4 * normal(random)),
  drifting: (random, at) => 100 + 8 * at + 3 * normal(random),
  'with outliers': (random) => (random() < 0.1 ? 500 : 100) + 5 * normal(random),
};

/** Box and Muller's. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Blocks in which two variants ran in random order, the contender so many times as slow. */
function blocksOf(machine: string, count: number, ratio: number, random: () => number) {
  const measured = machines[machine] as (random: () => number, at: number) => number;
  return Array.from({ length: count }, (_, block) => {
    const first = random() < 0.5 ? 0 : 1;
    return {
      baseline: measured(random, 2 * block + first),
      contender: measured(random, 2 * block + 1 - first) * ratio,
    };
  });
}

test('equals are told to differ as often as is said, whatever the machine and the number of blocks', () => {
  const random = seededRandom(1);
  for (const machine of Object.keys(machines)) {
    for (const count of [5, 6, 8, 12]) {
      const compared = Array.from({ length: 2_000 }, () => differenceOf(blocksOf(machine, count, 1, random)));
      const told = compared.filter(({ finding }) => finding !== 'none').length / compared.length;
      const stated = compared[0]?.falseAlarms as number;
      const errors = (told - stated) / Math.sqrt((stated * (1 - stated)) / compared.length);
      expect([machine, count, Math.abs(errors) < 2.5]).toEqual([machine, count, true]);
    }
  }
});

test('a difference is told, with its sign, and the interval holds it', () => {
  const random = seededRandom(4);
  const compared = Array.from({ length: 500 }, () => differenceOf(blocksOf('normal', 8, 1.5, random)));
  expect(compared.filter(({ finding }) => finding === 'higher').length).toBeGreaterThan(490);
  const holds = compared.filter(({ ratio }) => (ratio?.low ?? 0) <= 1.5 && (ratio?.high ?? 0) >= 1.5);
  expect(holds.length / compared.length).toBeGreaterThan(0.92);
});

test('five blocks tell a difference only where all agree, once in sixteen comparisons of equals', () => {
  const blocks = [10, 11, 12, 13, 14].map((baseline) => ({ baseline, contender: baseline * 2 }));
  expect(differenceOf(blocks)).toMatchObject({
    finding: 'higher',
    falseAlarms: 1 / 16,
    moreRepetitions: null,
  });
  const mixed = [...blocks.slice(1), { baseline: 10, contender: 9.9 }];
  expect(differenceOf(mixed)).toMatchObject({ finding: 'none', moreRepetitions: expect.any(Number) });
});

test('fewer than five blocks tell nothing, but what they are', () => {
  const blocks = [1, 2, 3].map((baseline) => ({ baseline, contender: 4 * baseline }));
  expect(differenceOf(blocks)).toEqual({
    ratio: { estimate: expect.closeTo(4), low: null, high: null },
    difference: { estimate: 6, low: null, high: null },
    finding: 'unknown',
    falseAlarms: null,
    visiblePercent: null,
    moreRepetitions: 2,
    blocks: 3,
  });
});

test('a latency of messages that never came is later than any, and takes part', () => {
  const of = (...contenders: number[]) =>
    differenceOf(contenders.map((contender) => ({ baseline: 10, contender })));
  const lost = Number.POSITIVE_INFINITY;
  expect(of(5, 5, 5, 5, 5, lost, lost, lost)).toMatchObject({
    ratio: { low: expect.closeTo(0.5), high: null },
    finding: 'none',
    visiblePercent: null,
    moreRepetitions: null,
    blocks: 8,
  });
  expect(of(lost, lost, lost, lost, lost)).toMatchObject({
    ratio: { estimate: null, low: null, high: null },
    finding: 'higher',
  });
  const both = Array.from({ length: 5 }, () => ({ baseline: lost, contender: lost }));
  expect(differenceOf(both)).toMatchObject({ ratio: { estimate: 1, low: 1, high: 1 }, finding: 'none' });
});

test('of no blocks nothing is said, in numbers that JSON has', () => {
  const difference = differenceOf([]);
  expect(difference).toMatchObject({ ratio: null, difference: { estimate: null }, finding: 'unknown' });
  expect(JSON.parse(JSON.stringify(difference))).toEqual(difference);
});

test('values of 0 have no ratio, and still a difference', () => {
  const blocks = [1, 2, 3, 4, 5].map((contender) => ({ baseline: 0, contender }));
  expect(differenceOf(blocks)).toMatchObject({ ratio: null, finding: 'higher', visiblePercent: null });
});

test('equals that are all the same differ by nothing, and no number of repetitions would tell', () => {
  const blocks = Array.from({ length: 6 }, () => ({ baseline: 7, contender: 7 }));
  expect(differenceOf(blocks)).toMatchObject({ finding: 'none', visiblePercent: 0, moreRepetitions: null });
});

test('says what difference would have been told', () => {
  const random = seededRandom(9);
  const visible = (noise: number) => {
    const blocks = Array.from({ length: 8 }, () => ({
      baseline: 100 * (1 + noise * normal(random)),
      contender: 100 * (1 + noise * normal(random)),
    }));
    return differenceOf(blocks).visiblePercent as number;
  };
  expect(visible(0.01)).toBeLessThan(5);
  expect(visible(0.1)).toBeGreaterThan(5);
});

// Hollander, Wolfe and Chicken, table A.4: of 10 differences, P(T ≥ 47) = 0.024; of 8, P(T ≥ 33) = 0.020; of 7,
// P(T ≥ 26) = 0.023; of 6, P(T ≥ 21) = 0.016; of 5, P(T ≥ 15) = 0.031, and nothing lies beyond.
test.each([
  [10, 0.048],
  [8, 0.039],
  [7, 0.047],
  [6, 0.031],
  [5, 0.0625],
])('leaves out as many of %i as the tables say', (count, falseAlarms) => {
  const middle = middleOf(Array.from({ length: count }, (_, index) => index));
  expect(middle?.falseAlarms).toBeCloseTo(falseAlarms, 2);
});
