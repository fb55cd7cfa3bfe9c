import type { Report } from '../../contracts/documents/api.ts';
import { type LatencyKind, latencyKinds } from '../../contracts/input/metric.ts';
import { harmless } from '../report/harmless-text.ts';
import { percentileDistribution } from './percentile-distribution.ts';

const kinds = Object.keys(latencyKinds) as LatencyKind[];

/**
 * The latencies of a report in HdrHistogram's text format, in milliseconds: one distribution after the other, each below
 * a comment that says what it is.
 */
export function reportHgrm({ columns }: Pick<Report, 'columns'>): string {
  const distributions = columns.flatMap(({ label, measurement }) =>
    kinds.flatMap((kind) => {
      const distribution = measurement && percentileDistribution(measurement.latency[kind]);
      return distribution ? `# ${harmless(label)}: ${kind}, ms\n${distribution}` : [];
    }),
  );
  return distributions.length > 0 ? distributions.join('\n').trimEnd() : '# nothing was measured';
}
