import { medianOf } from '../statistics/median.ts';

/** How a series moves from its first value to its last, and how often chance alone moves one as clearly. */
export interface Trend {
  /** By how much, along the line through the medians of all pairs (Theil and Sen). */
  change: number;
  /** Of series that do not move, the share that seem to do so as clearly, either way (Mann and Kendall). */
  chance: number;
}

/**
 * Hollander, Wolfe and Chicken, "Nonparametric Statistical Methods", 3rd edition, sections 8.1 and 9.3: whatever the
 * distribution, and a pause now and then moves neither. Exact for values that all differ; ties make `chance` larger.
 * @param values at equal distances, at least two
 */
export function trendOf(values: readonly number[]): Trend {
  const slopes: number[] = [];
  let balance = 0;
  values.forEach((later, to) => {
    values.slice(0, to).forEach((earlier, from) => {
      slopes.push((later - earlier) / (to - from));
      balance += Math.sign(later - earlier);
    });
  });
  return {
    change: medianOf(slopes) * (values.length - 1),
    chance: chanceOf(Math.abs(balance), values.length),
  };
}

/** By how much a second differs most from what is usual: so much may lie on this or that side of a boundary. */
export function unevenness(counts: readonly number[]): number {
  const usual = medianOf(counts);
  return Math.max(...counts.map((count) => Math.abs(count - usual)));
}

/** Share of all orders of `count` values in which rising and falling pairs differ by at least `balance`. */
function chanceOf(balance: number, count: number): number {
  if (balance === 0) return 1;
  const pairs = (count * (count - 1)) / 2;
  const ways = waysToFall(count);
  const all = ways.reduce((sum, one) => sum + one, 0);
  const most = Math.floor((pairs - balance) / 2);
  const below = ways.slice(0, most + 1).reduce((sum, one) => sum + one, 0);
  return Math.min(1, (2 * below) / all);
}

const waysKnown = new Map<number, number[]>();

/** In how many orders of `count` values 0, 1, 2, … of the pairs fall. */
function waysToFall(count: number): number[] {
  const known = waysKnown.get(count);
  if (known) return known;
  let ways = [1];
  for (let placed = 2; placed <= count; placed++) {
    const next = Array<number>(ways.length + placed - 1).fill(0);
    ways.forEach((one, falling) => {
      for (let more = 0; more < placed; more++) next[falling + more] = (next[falling + more] ?? 0) + one;
    });
    ways = next;
  }
  waysKnown.set(count, ways);
  return ways;
}
