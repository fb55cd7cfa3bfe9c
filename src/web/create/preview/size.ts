import { mostMessagesMeasured } from '../../../analysis/plan/search-length.ts';
import type { ComparisonSpec } from '../../../contracts/input/comparison.ts';
import type { ExperimentSpec } from '../../../contracts/input/experiment.ts';
import { longestWarmupSeconds, warmupMessagesPerSecond } from '../../../contracts/input/load/schedule.ts';

type Spec = ExperimentSpec | ComparisonSpec;

/** How many experiments it comes to. */
export function experimentCount(spec: Spec): number {
  return 'variants' in spec ? spec.variants.length * spec.repetitions : 1;
}

/** Bytes of all messages together, the longest warm-up included; of a search, should it find the highest rate that it may. */
export function mostBytes(spec: Spec): number {
  const { workload } = spec;
  const warmup = longestWarmupSeconds(workload) * warmupMessagesPerSecond(workload);
  return (warmup + mostMessagesMeasured(workload)) * workload.messageSizeBytes * experimentCount(spec);
}
