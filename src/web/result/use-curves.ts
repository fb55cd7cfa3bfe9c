import { useEffect, useState } from 'react';
import type { Curve } from '../charts/percentile-chart.tsx';

export interface WithHistogram {
  name: string;
  /** As the result document has it. */
  histogram: string | null;
}

/** Percentile curves of histograms; what decodes them is loaded with the first. null until then. */
export function useCurves(histograms: readonly WithHistogram[]): readonly Curve[] | null {
  const [curves, setCurves] = useState<readonly Curve[] | null>(null);
  const key = JSON.stringify(histograms);
  useEffect(() => {
    let isCurrent = true;
    void import('../../analysis/latency/percentile-curve.ts').then(({ percentileCurve }) => {
      if (!isCurrent) return;
      const given: WithHistogram[] = JSON.parse(key);
      setCurves(given.map(({ name, histogram }) => ({ name, values: percentileCurve(histogram) })));
    });
    return () => {
      isCurrent = false;
    };
  }, [key]);
  return curves;
}
