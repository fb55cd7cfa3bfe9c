import { medianOfRuns, type RunMedian } from './run-median.ts';

/** Of that many runs and more, the least and the greatest hold the median often enough by themselves. */
const enoughRuns = 5;

/** Student's t with one degree of freedom less than 2, 3 and 4 runs, beyond which on either side lies 1 in 32. */
const studentT = [10.15317, 3.81, 2.90004];

/**
 * The median of runs with an interval that misses it no more often than 1 time in 16, of two runs too. The least and the
 * greatest of 2 runs miss it every second time, of 3 every fourth, of 4 every eighth: no distribution-free interval does
 * better. So that of few is widened to Student's of their logarithms (Hahn and Meeker, "Statistical Intervals", section 4.3),
 * which asks that proportions vary about normally; test/analysis/statistics/few-runs.test.ts has what comes of skewed ones.
 * @param values one a run, infinite where what was measured is beyond all bounds
 * @returns null without any; a single run is its own interval
 */
export function boundedMedianOfRuns(values: readonly number[]): RunMedian | null {
  const spread = medianOfRuns(values);
  const t = studentT[values.length - 2];
  if (!spread || t === undefined || values.length >= enoughRuns || spread.low === spread.high) return spread;
  if (!values.every(Number.isFinite)) {
    return { ...spread, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  }
  const isPositive = values.every((value) => value > 0);
  const scaled = isPositive ? values.map(Math.log) : values;
  const back = isPositive ? Math.exp : (value: number) => value;
  const mean = scaled.reduce((sum, value) => sum + value, 0) / scaled.length;
  const squares = scaled.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const reach = t * Math.sqrt(squares / (scaled.length - 1) / scaled.length);
  return {
    ...spread,
    low: Math.min(spread.low, back(mean - reach)),
    high: Math.max(spread.high, back(mean + reach)),
    missed: 1 / 16,
  };
}
