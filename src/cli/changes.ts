import { type Change, changesBetween } from '../analysis/repetitions/changes.ts';
import { formatTimes } from '../analysis/report/difference-table.ts';
import type { TextTable } from '../analysis/report/text-table.ts';
import type { Report } from '../contracts/documents/api.ts';

/** What has changed since an earlier report, and whether that is a regression. */
export interface Changes {
  changes: Change[];
  /** Those that were told from chance, and are worse by at least as many percent as were allowed. */
  regressions: Change[];
}

/** @param failPercent from how much on a change is a regression; null for any that is told */
export function changesSince(before: Report, after: Report, failPercent: number | null): Changes {
  const changes = changesBetween(before, after);
  const regressions = changes.filter(
    ({ finding, worsePercent }) => finding === 'worse' && worsePercent >= (failPercent ?? 0),
  );
  return { changes, regressions };
}

/** The changes as a table for a terminal. */
export function changesTable({ changes }: Changes): TextTable {
  return {
    title: 'Changes since the earlier report',
    head: ['Variant', 'Metric', 'times', 'interval', 'told from chance'],
    numeric: [false, false, true, true, false],
    rows: changes.map(({ label, metric, ratio, finding }) => [
      label,
      metric.slice(metric.indexOf('.') + 1),
      formatTimes(ratio.estimate),
      ratio.low === null || ratio.high === null
        ? '–'
        : `${formatTimes(ratio.low)} to ${formatTimes(ratio.high)}`,
      { worse: 'WORSE', better: 'better', none: 'no', unknown: 'too few runs' }[finding],
    ]),
  };
}
