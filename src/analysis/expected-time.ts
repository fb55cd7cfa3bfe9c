import type { Expected } from '../contracts/api.ts';
import type { ComparisonSpec, ExperimentSpec } from '../contracts/experiment.ts';
import { variantExperiment } from '../contracts/experiment.ts';
import { type TechnologyId, technologyCard } from '../technologies/registry.ts';
import { ceilingWarning } from './ceiling.ts';

/** What one experiment would take, without waiting for others. The load's time is exact, set-up and removal typical. */
export function expectedOfExperiment(spec: ExperimentSpec): Expected {
  const { warmupSeconds, durationSeconds } = spec.workload;
  const target = technologyCard(spec.technology as TechnologyId).targets[spec.target];
  return {
    seconds: Math.round(warmupSeconds + durationSeconds + (target?.overheadSeconds ?? 0)),
    ...localCost,
    warnings: warningsOf([spec]),
  };
}

/** What a comparison would take: its variants run one after another. */
export function expectedOfComparison(spec: ComparisonSpec): Expected {
  const experiments = spec.variants.map((_, index) => variantExperiment(spec, index));
  const seconds = experiments.map((experiment) => expectedOfExperiment(experiment).seconds);
  return {
    seconds: seconds.reduce((total, one) => total + one, 0),
    ...localCost,
    warnings: warningsOf(experiments),
  };
}

function warningsOf(experiments: readonly ExperimentSpec[]): string[] {
  return experiments.flatMap((experiment) => ceilingWarning(experiment) ?? []);
}

const localCost = {
  costUsd: null,
  costReason: 'On the local target nothing is rented, so there is no price.',
};
