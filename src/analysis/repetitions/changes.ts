import type { Report, ReportColumn } from '../../contracts/documents/api.ts';
import { type Shift, shiftOf } from '../statistics/two-samples.ts';
import { wholeRuns } from './whole-runs.ts';

/** How a metric of a variant has changed from one report to another. */
export interface Change {
  label: string;
  /** Path below `measurement`. */
  metric: string;
  /** After by before. */
  ratio: Shift;
  /** `unknown`: too few runs to tell a change from chance. */
  finding: 'worse' | 'better' | 'none' | 'unknown';
  /** By how much it is worse, in percent of what it was; below 0 where it is better. */
  worsePercent: number;
}

/**
 * What has changed from an earlier report to a later one, variant by variant as their names say, in every metric that
 * both measured. More is better of a rate, less of a latency.
 */
export function changesBetween(before: Report, after: Report): Change[] {
  return after.columns.flatMap((column) => {
    const earlier = before.columns.find(({ name }) => name === column.name);
    if (!earlier) return [];
    const metrics = Object.keys(column.runs[0]?.measured ?? {});
    return metrics.flatMap((metric) => changeOf(earlier, column, metric) ?? []);
  });
}

function changeOf(before: ReportColumn, after: ReportColumn, metric: string): Change | null {
  const [earlier, later] = [logsOf(before, metric), logsOf(after, metric)];
  if (earlier.length === 0 || later.length === 0) return null;
  const shift = shiftOf(earlier, later);
  const ratio = {
    estimate: Math.exp(shift.estimate),
    low: shift.low === null ? null : Math.exp(shift.low),
    high: shift.high === null ? null : Math.exp(shift.high),
  };
  const isRate = metric.startsWith('throughput.');
  return {
    label: after.label,
    metric,
    ratio,
    finding: findingOf(shift, isRate),
    worsePercent: (isRate ? 1 - ratio.estimate : ratio.estimate - 1) * 100,
  };
}

function findingOf({ low, high }: Shift, isRate: boolean): Change['finding'] {
  if (low === null || high === null) return 'unknown';
  if (low > 0) return isRate ? 'better' : 'worse';
  if (high < 0) return isRate ? 'worse' : 'better';
  return 'none';
}

/**
 * A change is one in proportion. Of a run that measured something else, a rate of 0, and a latency of messages that never
 * came, are worse than any number.
 */
function logsOf({ runs }: ReportColumn, metric: string): number[] {
  const worst = metric.startsWith('throughput.') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return wholeRuns(runs).flatMap(({ measured }) => {
    const value = measured[metric] ?? null;
    if (value !== null && value > 0) return [Math.log(value)];
    return Object.values(measured).some((one) => one !== null) ? [worst] : [];
  });
}
