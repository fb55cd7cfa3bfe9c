import type { MetricMeter } from '@temporalio/common';
import type { PrometheusMetricsExporter } from '@temporalio/worker';

const terraformDurations = 'comparator_terraform_duration_seconds';

/** A terraform run that has ended. */
export interface EndedTerraform {
  kind: string;
  technology: string;
  target: string;
  succeeded: boolean;
  seconds: number;
}

/** Where a worker serves its metrics: the SDK's own, and ours. @param bindAddress host:port */
export function prometheusAt(bindAddress: string): PrometheusMetricsExporter {
  return {
    prometheus: {
      bindAddress,
      histogramBucketOverrides: {
        [terraformDurations]: [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 3_600],
      },
    },
  };
}

/** Our own metrics of a worker, beside those of the SDK. */
export function createWorkerMetrics(meter: MetricMeter): { terraformEnded(run: EndedTerraform): void } {
  const durations = meter.createHistogram(
    terraformDurations,
    'float',
    's',
    'How long runs of terraform took, from their start to their end',
  );
  return {
    terraformEnded({ seconds, kind, technology, target, succeeded }) {
      durations.record(seconds, { kind, technology, target, succeeded });
    },
  };
}
