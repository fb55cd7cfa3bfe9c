import type { ComparisonSpec } from '../../../contracts/input/comparison.ts';
import type { ExperimentSpec } from '../../../contracts/input/experiment.ts';
import { longestWarmupSeconds } from '../../../contracts/input/load/schedule.ts';

type Spec = ExperimentSpec | ComparisonSpec;

/** How many experiments it comes to. */
export function experimentCount(spec: Spec): number {
  return 'variants' in spec ? spec.variants.length * spec.repetitions : 1;
}

/** Bytes of all messages together, the longest warm-up included; of a search, at the highest rate that it may find. */
export function mostBytes(spec: Spec): number {
  const { load, durationSeconds, messageSizeBytes } = spec.workload;
  const warmupSeconds = longestWarmupSeconds(spec.workload);
  const messages = () => {
    switch (load.shape) {
      case 'constant':
        return load.messagesPerSecond * (durationSeconds + warmupSeconds);
      case 'steps':
        return load.steps.reduce(
          (sum, { messagesPerSecond, seconds }) => sum + messagesPerSecond * seconds,
          (load.steps[0]?.messagesPerSecond ?? 0) * warmupSeconds,
        );
      case 'capacity-search':
        return load.maxMessagesPerSecond * Math.max(load.probeSeconds, durationSeconds);
      case 'ladder':
        return (load.ratesMessagesPerSecond ?? [load.maxMessagesPerSecond]).reduce(
          (sum, rate) => sum + rate * durationSeconds,
          0,
        );
    }
  };
  return messages() * messageSizeBytes * experimentCount(spec);
}
