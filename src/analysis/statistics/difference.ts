import { estimateOf, leastPairs, middleOf } from './signed-rank.ts';

/** What two variants that ran in the same blocks differ by, in one metric. */
export interface Difference {
  /** Contender by baseline; null where one of them measured 0 or nothing in some block. */
  ratio: Range | null;
  /** Contender less baseline. */
  difference: Range;
  /** `lower` or `higher`: the contender's values are; `none`: no difference can be told; `unknown`: too few blocks. */
  finding: 'lower' | 'higher' | 'none' | 'unknown';
  /** Share of comparisons of equals in which one would be told all the same; null where nothing can be. */
  falseAlarms: number | null;
  /** A difference of this many percent of the baseline would have been told; null where it cannot be said. */
  visiblePercent: number | null;
  /** Blocks more that would probably tell the difference that the estimate has; null where it is told, or no number would. */
  moreRepetitions: number | null;
  blocks: number;
}

/** An estimate, and the interval that holds the truth; the interval is null of too few blocks. */
export interface Range {
  estimate: number;
  low: number | null;
  high: number | null;
}

/** More would not be asked of anybody. */
const mostRepetitions = 100;

/**
 * Compares block by block, so that what the machine did to a block takes part on both sides.
 * @param blocks what each block measured of both; blocks in which either measured nothing are left out by the caller
 */
export function differenceOf(blocks: readonly { baseline: number; contender: number }[]): Difference {
  const ratios = blocks.map(({ baseline, contender }) => contender / baseline);
  const hasRatios = ratios.every((ratio) => Number.isFinite(ratio) && ratio > 0);
  const logs = hasRatios ? ratios.map(Math.log) : [];
  const plain = blocks.map(({ baseline, contender }) => contender - baseline);
  const decided = hasRatios ? logs : plain;
  const middle = middleOf(decided);
  return {
    ratio: hasRatios && blocks.length > 0 ? rangeOf(logs, Math.exp) : null,
    difference: rangeOf(plain, (value) => value),
    finding: findingOf(middle),
    falseAlarms: middle?.falseAlarms ?? null,
    visiblePercent:
      hasRatios && middle
        ? (Math.exp(Math.max(middle.high - middle.estimate, middle.estimate - middle.low)) - 1) * 100
        : null,
    moreRepetitions: moreRepetitions(decided, middle),
    blocks: blocks.length,
  };
}

function rangeOf(values: readonly number[], back: (value: number) => number): Range {
  const middle = middleOf(values);
  return {
    estimate: back(estimateOf(values)),
    low: middle && back(middle.low),
    high: middle && back(middle.high),
  };
}

function findingOf(middle: ReturnType<typeof middleOf>): Difference['finding'] {
  if (!middle) return 'unknown';
  if (middle.high < 0) return 'lower';
  return middle.low > 0 ? 'higher' : 'none';
}

/** An interval narrows with the square root of the blocks. */
function moreRepetitions(values: readonly number[], middle: ReturnType<typeof middleOf>): number | null {
  if (!middle) return values.length > 0 ? leastPairs - values.length : null;
  if (findingOf(middle) !== 'none') return null;
  const reach = Math.max(middle.high - middle.estimate, middle.estimate - middle.low);
  const needed = Math.ceil(values.length * (reach / Math.abs(middle.estimate)) ** 2);
  return needed <= mostRepetitions ? Math.max(1, needed - values.length) : null;
}
