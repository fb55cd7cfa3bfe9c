import type { Measurement } from '../../contracts/documents/metrics.ts';
import type { MetricDifference } from '../../contracts/documents/report/differences.ts';
import { differenceOf } from '../statistics/difference.ts';
import { comparableValue } from './comparable.ts';

/** What one run of a variant measured, and in which block. */
export interface MeasuredRun {
  repetition: number;
  measurement: Measurement;
}

/** What is compared in any case. */
export const mainMetrics = [
  'throughput.consumed.messagesPerSecond',
  'latency.endToEnd.p50Ms',
  'latency.endToEnd.p99Ms',
] as const;

/** Beyond so many variants each is compared with the first alone. */
const mostInPairs = 20;

/**
 * What the variants differ by, metric by metric, each with each.
 * @param variants their runs, in the order of the report
 * @param metrics paths below `measurement`
 */
export function differencesOf(
  variants: readonly (readonly MeasuredRun[])[],
  metrics: readonly string[],
): MetricDifference[] {
  return variants.flatMap((baseline, first) =>
    variants.flatMap((contender, second) => {
      if (second <= first || (first > 0 && variants.length > mostInPairs)) return [];
      return metrics.map((metric) => ({
        metric,
        baseline: first,
        contender: second,
        ...differenceOf(blocksOf(baseline, contender, metric)),
      }));
    }),
  );
}

/** The blocks in which both measured it. */
function blocksOf(baseline: readonly MeasuredRun[], contender: readonly MeasuredRun[], metric: string) {
  return baseline.flatMap(({ repetition, measurement }) => {
    const other = contender.find((run) => run.repetition === repetition);
    const [one, two] = [
      comparableValue(measurement, metric),
      other ? comparableValue(other.measurement, metric) : null,
    ];
    return one === null || two === null ? [] : [{ baseline: one, contender: two }];
  });
}
