import { medianOf } from './median.ts';

/**
 * What two independent samples differ by, by the rank sums of Mann and Whitney, exactly, with the estimate of Hodges and
 * Lehmann: Hollander, Wolfe and Chicken, "Nonparametric Statistical Methods", 3rd edition, sections 4.1 to 4.3. For runs
 * that share no blocks, such as those of last week and of today.
 */

/** Share of comparisons of equals in which a difference may be seen; at most. */
export const mostFalseAlarms = 0.0625;

export interface Shift {
  /** The median of all differences of one of the second sample and one of the first. */
  estimate: number;
  /** null where the samples are too small to tell any difference from chance. */
  low: number | null;
  high: number | null;
}

/**
 * @param first may hold infinite values, for what is beyond any number, as may `second`
 * @returns NaN estimates where one of them is empty
 */
export function shiftOf(first: readonly number[], second: readonly number[]): Shift {
  const differences = second
    .flatMap((two) => first.map((one) => (two === one ? 0 : two - one)))
    .sort((a, b) => a - b);
  const beyond = criticalCount(first.length, second.length);
  return {
    estimate: medianOf(differences),
    low: beyond === null ? null : (differences[beyond] as number),
    high: beyond === null ? null : (differences[differences.length - 1 - beyond] as number),
  };
}

/** Whether samples of these sizes can tell any difference from chance. */
export function canTell(first: number, second: number): boolean {
  return first > 0 && second > 0 && criticalCount(first, second) !== null;
}

/** The least size, up to `most`, of a second sample that can tell a difference from a first of this size; null for none. */
export function leastToTell(first: number, most: number): number | null {
  for (let second = 1; second <= most; second++) if (canTell(first, second)) return second;
  return null;
}

/** How many differences to leave out at each end; null where even leaving out none misses too often. */
function criticalCount(first: number, second: number): number | null {
  const ways = waysToCounts(first, second);
  const all = ways.reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (let count = 0; ; count++) {
    const next = below + (ways[count] ?? all);
    if ((2 * next) / all > mostFalseAlarms) return count === 0 ? null : count - 1;
    below = next;
  }
}

/** In how many orders of both samples 0, 1, 2, … pairs have the one of the second first. */
function waysToCounts(first: number, second: number): number[] {
  let rows: number[][] = Array.from({ length: second + 1 }, () => [1]);
  for (let one = 1; one <= first; one++) {
    const next: number[][] = [[1]];
    for (let two = 1; two <= second; two++) {
      const ways = Array<number>(one * two + 1).fill(0);
      (next[two - 1] as number[]).forEach((count, at) => {
        ways[at + one] = (ways[at + one] ?? 0) + count;
      });
      (rows[two] as number[]).forEach((count, at) => {
        ways[at] = (ways[at] ?? 0) + count;
      });
      next.push(ways);
    }
    rows = next;
  }
  return rows[second] as number[];
}
