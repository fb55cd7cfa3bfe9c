import type { Difference } from '../../contracts/documents/report/differences.ts';
import { finiteOrNull } from './finite-or-null.ts';
import { estimateOf, leastPairs, type Middle, middleOf } from './signed-rank.ts';

/** More would not be asked of anybody. */
const mostRepetitions = 100;

/**
 * Compares block by block, so that what the machine did to a block takes part on both sides.
 * @param blocks what each block measured of both, infinite where that is beyond any number; blocks in which either
 * measured nothing are left out by the caller
 */
export function differenceOf(blocks: readonly { baseline: number; contender: number }[]): Difference {
  const hasRatios = blocks.every(({ baseline, contender }) => baseline > 0 && contender > 0);
  const logs = hasRatios ? blocks.map((block) => lessOf(block, Math.log)) : [];
  const plain = blocks.map((block) => lessOf(block, (value) => value));
  const decided = hasRatios ? logs : plain;
  const middle = middleOf(decided);
  return {
    ratio: hasRatios && blocks.length > 0 ? rangeOf(logs, Math.exp) : null,
    difference: rangeOf(plain, (value) => value),
    finding: findingOf(middle),
    falseAlarms: middle?.falseAlarms ?? null,
    visiblePercent: hasRatios && middle ? finiteOrNull((Math.exp(reachOf(middle)) - 1) * 100) : null,
    moreRepetitions: moreRepetitions(decided, middle),
    blocks: blocks.length,
  };
}

function rangeOf(values: readonly number[], back: (value: number) => number): Difference['difference'] {
  const middle = middleOf(values);
  return {
    estimate: finiteOrNull(back(estimateOf(values))),
    low: middle && finiteOrNull(back(middle.low)),
    high: middle && finiteOrNull(back(middle.high)),
  };
}

/** The contender less the baseline; nothing where both are beyond any number. */
function lessOf(
  { baseline, contender }: { baseline: number; contender: number },
  scale: (value: number) => number,
): number {
  return contender === baseline ? 0 : scale(contender) - scale(baseline);
}

/** How far an interval reaches from its estimate, on the longer side. */
function reachOf({ estimate, low, high }: Middle): number {
  return Math.max(high - estimate, estimate - low);
}

function findingOf(middle: Middle | null): Difference['finding'] {
  if (!middle) return 'unknown';
  if (middle.high < 0) return 'lower';
  return middle.low > 0 ? 'higher' : 'none';
}

/** An interval narrows with the square root of the blocks. */
function moreRepetitions(values: readonly number[], middle: Middle | null): number | null {
  if (!middle) return values.length > 0 ? leastPairs - values.length : null;
  if (findingOf(middle) !== 'none') return null;
  const needed = Math.ceil(values.length * (reachOf(middle) / Math.abs(middle.estimate)) ** 2);
  return needed <= mostRepetitions ? Math.max(1, needed - values.length) : null;
}
