import type { ComparisonSpec } from '../../contracts/input/comparison.ts';
import type { ExperimentSpec } from '../../contracts/input/experiment.ts';
import type { FieldError } from '../../contracts/input/problem.ts';

/** Clusters of the user's that may be measured, by the technology that each is of; or why nobody can tell. */
export type KnownClusters =
  | { clusters: readonly { name: string; technology: string }[] }
  | { problem: string };

/** Why an experiment cannot measure the cluster that it names. */
export function clusterFaultsOfExperiment(spec: ExperimentSpec, known: KnownClusters): FieldError[] {
  return faultsOf(spec, known, '');
}

/** Why variants of a comparison cannot measure the clusters that they name. */
export function clusterFaultsOfComparison({ variants }: ComparisonSpec, known: KnownClusters): FieldError[] {
  return variants.flatMap((variant, index) => faultsOf(variant, known, `/variants/${index}`));
}

type Subject = Pick<ExperimentSpec, 'technology' | 'target' | 'settings'>;

function faultsOf(
  { technology, target, settings }: Subject,
  known: KnownClusters,
  below: string,
): FieldError[] {
  if (target !== 'existing') return [];
  const fault = (detail: string) => [{ pointer: `${below}/settings/cluster`, detail }];
  if ('problem' in known) return fault(known.problem);
  const own = known.clusters.filter((one) => one.technology === technology).map(({ name }) => name);
  const name = String(settings.cluster);
  if (own.includes(name)) return [];
  return fault(
    own.length > 0
      ? `${name} is no cluster of ${technology} in the file that COMPARATOR_CLUSTERS names; choose one of: ${own.join(', ')}`
      : `${name} is not known: the comparator was started without a file of clusters of ${technology}; name one in COMPARATOR_CLUSTERS and start it again`,
  );
}
