import type { Difference } from '../../contracts/documents/report/differences.ts';
import { estimateOf, leastPairs, middleOf } from './signed-rank.ts';

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

function rangeOf(values: readonly number[], back: (value: number) => number): Difference['difference'] {
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
