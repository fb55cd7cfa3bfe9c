import { carriedLoad } from '../../contracts/input/carried-load.ts';
import type { ExperimentSpec } from '../../contracts/input/experiment.ts';
import { technologyCard } from '../../technologies/registry.ts';
import { counted } from '../report/format.ts';

/** What works, and yet is not what it looks like; a sentence each. */
export function fitWarnings(spec: ExperimentSpec): string[] {
  const { name, technology, settings, workload } = spec;
  const card = technologyCard(technology);
  const partitions = card.partitions(settings);
  return [...card.warnings(settings, carriedLoad(workload)), ...spreadWarnings(workload, partitions)].map(
    (warning) => `${name}: ${warning}.`,
  );
}

function spreadWarnings(
  { consumers, keys }: ExperimentSpec['workload'],
  partitions: number | null,
): string[] {
  if (partitions === null) return [];
  const warnings: string[] = [];
  if (consumers > partitions) {
    warnings.push(
      `${counted(consumers - partitions, 'consumer')} of ${consumers} will get nothing, for there are ${counted(partitions, 'partition')}`,
    );
  }
  if (keys.distribution !== 'none' && keys.cardinality < partitions) {
    warnings.push(
      `${counted(keys.cardinality, 'key')} cannot reach all ${partitions} partitions, shards or subjects`,
    );
  }
  return warnings;
}
