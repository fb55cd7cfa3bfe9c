import type { SettingsProblem, Target } from './card.ts';

/** A cluster is named exactly where one of the user's is measured. */
export function clusterProblems(cluster: string | undefined, target: Target): SettingsProblem[] {
  if ((cluster === undefined) === (target !== 'existing')) return [];
  const message =
    cluster === undefined
      ? 'must name a cluster of the file that COMPARATOR_CLUSTERS names: target: existing measures one'
      : 'is for target: existing; leave it out, or choose that target';
  return [{ path: ['cluster'], message }];
}
