import type { Report, ReportColumn } from '../../contracts/documents/api.ts';
import { type LatencyKind, latencyKinds } from '../../contracts/input/metric.ts';
import { harmless } from '../report/harmless-text.ts';
import { markedName } from '../report/text-table.ts';
import { percentileDistribution } from './percentile-distribution.ts';

const kinds = Object.keys(latencyKinds) as LatencyKind[];

/**
 * The latencies of a report in HdrHistogram's text format, in milliseconds: one distribution after the other, each below
 * a comment that says what it is.
 */
export function reportHgrm({ columns }: Pick<Report, 'columns'>): string {
  const distributions = columns.flatMap((column) => kinds.flatMap((kind) => columnHgrm(column, kind) ?? []));
  return distributions.length > 0 ? distributions.join('\n').trimEnd() : '# nothing was measured';
}

/** One latency of a column, below a comment that says what it is; null where it was not measured. */
export function columnHgrm(column: ReportColumn, kind: LatencyKind): string | null {
  const { measurement } = column;
  const distribution = measurement && percentileDistribution(measurement.latency[kind]);
  return distribution && `# ${harmless(markedName(column))}: ${kind}, ms\n${distribution}`;
}
