import { useEffect, useState } from 'react';
import type { Curve } from '../charts/percentile-chart.tsx';

export interface WithHistogram {
  name: string;
  /** As the result document has it. */
  histogram: string | null;
}

/** Percentile curves of histograms; what decodes them is loaded with the first: null until then, `failed` where it is not to be had. */
export function useCurves(histograms: readonly WithHistogram[]): readonly Curve[] | null | 'failed' {
  const [curves, setCurves] = useState<readonly Curve[] | null | 'failed'>(null);
  const key = JSON.stringify(histograms);
  useEffect(() => {
    let isCurrent = true;
    import('../../analysis/latency/percentile-curve.ts')
      .then(({ percentileCurve }): Curve[] => {
        const given: WithHistogram[] = JSON.parse(key);
        return given.map(({ name, histogram }) => ({ name, values: percentileCurve(histogram) }));
      })
      .catch(() => 'failed' as const)
      .then((read) => {
        if (isCurrent) setCurves(read);
      });
    return () => {
      isCurrent = false;
    };
  }, [key]);
  return curves;
}
