import type { Report } from '../../contracts/documents/api.ts';
import { PercentileChart } from '../charts/percentile-chart.tsx';
import { Loading } from '../parts/states.tsx';
import { useCurves } from '../result/use-curves.ts';

/** End-to-end latency of all variants over each other, from their histograms. */
export function ReportCurves({ report }: { report: Report }) {
  const curves = useCurves(
    report.columns.map(({ label, measurement }) => ({
      name: label,
      histogram: measurement?.latency.endToEnd.histogram ?? null,
    })),
  );
  return curves ? <PercentileChart curves={curves} /> : <Loading height="h300" />;
}
