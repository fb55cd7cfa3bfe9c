import { meanOf, medianOf } from './median.ts';

/**
 * Wilcoxon's signed-rank test, exactly: Hollander, Wolfe and Chicken, "Nonparametric Statistical Methods", 3rd edition,
 * sections 3.1 to 3.3. It asks nothing of how the differences are distributed but that they lie evenly about what they
 * differ by, and those of two variants within blocks of random order do, however noisy or drifting the machine is.
 */

/** Share of comparisons of equals in which a difference may be seen; at most, for few pairs allow only certain shares. */
const mostFalseAlarms = 0.05;
/** So many can do no better than 1 time in 16, which is let pass; fewer can never differ so clearly. */
export const leastPairs = 5;

/** Where the middle of some differences lies. */
export interface Middle {
  /** The median of all means of two (Hodges and Lehmann). */
  estimate: number;
  low: number;
  high: number;
  /** How often the interval misses the truth. */
  falseAlarms: number;
}

/**
 * @param differences may be infinite
 * @returns null for fewer than `leastPairs`
 */
export function middleOf(differences: readonly number[]): Middle | null {
  const count = differences.length;
  if (count < leastPairs) return null;
  const means = pairMeans(differences);
  const { beyond, falseAlarms } = criticalRank(count);
  return {
    estimate: medianOf(means),
    low: means[beyond] as number,
    high: means[means.length - 1 - beyond] as number,
    falseAlarms,
  };
}

/** The median of all means of two of the differences, each with itself among them; NaN for none. */
export function estimateOf(differences: readonly number[]): number {
  return medianOf(pairMeans(differences));
}

function pairMeans(differences: readonly number[]): number[] {
  return differences
    .flatMap((one, index) => differences.slice(index).map((other) => meanOf(one, other)))
    .sort((a, b) => (a === b ? 0 : a - b));
}

/** How many pair means to leave out at each end, so that the rest holds the truth but for `mostFalseAlarms`. */
function criticalRank(count: number): { beyond: number; falseAlarms: number } {
  const ways = waysToRankSums(count);
  const all = 2 ** count;
  let below = 0;
  for (let rankSum = 0; ; rankSum++) {
    const next = below + (ways[rankSum] as number);
    if (rankSum > 0 && (2 * next) / all > mostFalseAlarms) {
      return { beyond: rankSum - 1, falseAlarms: (2 * below) / all };
    }
    below = next;
  }
}

/** In how many ways ranks from 1 to `count`, each taken or not, sum up to 0, 1, 2, … */
function waysToRankSums(count: number): number[] {
  const ways = Array<number>((count * (count + 1)) / 2 + 1).fill(0);
  ways[0] = 1;
  for (let rank = 1; rank <= count; rank++) {
    for (let sum = ways.length - 1; sum >= rank; sum--) {
      ways[sum] = (ways[sum] as number) + (ways[sum - rank] as number);
    }
  }
  return ways;
}
