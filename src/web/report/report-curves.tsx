import { withMarkedNames } from '../../analysis/report/text-table.ts';
import type { Report } from '../../contracts/documents/api.ts';
import { Curves } from '../result/curves.tsx';

/** End-to-end latency of all variants over each other, from their histograms. */
export function ReportCurves({ report }: { report: Report }) {
  const histograms = withMarkedNames(report).columns.map(({ label, measurement }) => ({
    name: label,
    histogram: measurement?.latency.endToEnd.histogram ?? null,
  }));
  return <Curves histograms={histograms} />;
}
