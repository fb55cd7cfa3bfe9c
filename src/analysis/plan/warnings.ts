import { carriedLoad } from '../../contracts/input/carried-load.ts';
import type { ExperimentSpec } from '../../contracts/input/experiment.ts';
import { searchOf } from '../../contracts/input/load/schedule.ts';
import { technologyCard } from '../../technologies/registry.ts';
import { leastOverloadPercent } from '../backlog.ts';
import { counted, formatNumber } from '../report/format.ts';

/** What works, and yet is not what it looks like; a sentence each. */
export function fitWarnings(spec: ExperimentSpec): string[] {
  const { name, technology, settings, workload } = spec;
  const card = technologyCard(technology);
  const partitions = card.partitions(settings);
  return [
    ...card.warnings(settings, carriedLoad(workload)),
    ...spreadWarnings(workload, partitions),
    ...searchWarnings(workload),
  ].map((warning) => `${name}: ${warning}.`);
}

/** A search cannot come closer than its probes tell a rate that is too high from one that is not. */
function searchWarnings({ load }: ExperimentSpec['workload']): string[] {
  const search = searchOf(load);
  if (!search) return [];
  const { probeSeconds, resolutionPercent } = search;
  const told = leastOverloadPercent(probeSeconds);
  if (told <= resolutionPercent) return [];
  let enough = probeSeconds;
  while (leastOverloadPercent(enough) > resolutionPercent) enough += 1;
  return [
    `probes of ${probeSeconds} s show an overload from ${formatNumber(told, 1)}% on at best, so what is found may be too high by that; resolutionPercent ${resolutionPercent} takes probeSeconds of ${Math.ceil(enough)}`,
  ];
}

function spreadWarnings(
  { consumers, keys }: ExperimentSpec['workload'],
  partitions: number | null,
): string[] {
  if (partitions === null) return [];
  const warnings: string[] = [];
  if (consumers > partitions) {
    warnings.push(
      `${counted(consumers - partitions, 'consumer')} of ${consumers} will get nothing, for there ${partitions === 1 ? 'is' : 'are'} ${counted(partitions, 'partition')}`,
    );
  }
  if (keys.distribution !== 'none' && keys.cardinality < partitions) {
    warnings.push(
      `${counted(keys.cardinality, 'key')} cannot reach all ${partitions} partitions, shards or subjects`,
    );
  }
  return warnings;
}
