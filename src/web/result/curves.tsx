import { PercentileChart } from '../charts/percentile-chart.tsx';
import { CouldNotLoad, Loading } from '../parts/states.tsx';
import { useCurves, type WithHistogram } from './use-curves.ts';

/** Latencies by percentile over each other, from their histograms. */
export function Curves({ histograms }: { histograms: readonly WithHistogram[] }) {
  const curves = useCurves(histograms);
  if (curves === 'failed') return <CouldNotLoad />;
  return curves ? <PercentileChart curves={curves} /> : <Loading height="h300" />;
}
