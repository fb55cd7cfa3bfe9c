import { medianOf } from './median.ts';

/** A value over several runs of one variant. */
export interface RunMedian {
  median: number;
  /** An interval that holds the median of all such runs but for `missed`: the binomial one, from run to run. */
  low: number;
  high: number;
  /** How often it does not: of 5 runs 1 time in 16; of a single run always. */
  missed: number;
  runs: number;
}

/** An interval should miss the truth no more often, where there are runs enough. */
const mostMissed = 0.0625;

/**
 * The median of runs, with an interval that holds whatever their distribution (David and Nagaraja, "Order Statistics",
 * section 7.1). Not a bootstrap: of the five runs that people do, it draws intervals that miss four times as often as
 * they say.
 * @param values one a run, infinite where what was measured is beyond all bounds
 * @returns null without any
 */
export function medianOfRuns(values: readonly number[]): RunMedian | null {
  const sorted = [...values].sort((a, b) => a - b);
  const runs = sorted.length;
  if (runs === 0) return null;
  let left = 0;
  let missed = 2 * 0.5 ** runs;
  for (let chosen = missed, step = 1; ; step++) {
    chosen = (chosen * (runs - step + 1)) / step;
    if (missed + chosen > mostMissed || 2 * (left + 1) >= runs) break;
    missed += chosen;
    left++;
  }
  return {
    median: medianOf(sorted),
    low: sorted[left] as number,
    high: sorted[runs - 1 - left] as number,
    missed: Math.min(1, missed),
    runs,
  };
}
