import { carriedLoad } from '../../contracts/input/carried-load.ts';
import type { ExperimentSpec } from '../../contracts/input/experiment.ts';
import { highestRateAsked } from '../../contracts/input/load/schedule.ts';
import type { Ceiling } from '../../technologies/card.ts';
import { technologyCard } from '../../technologies/registry.ts';
import { formatRate } from '../report/format.ts';

/** The published limit of what an experiment puts to the test, in messages of its size; null where none is published. */
export function ceilingOf({ technology, settings, workload }: ExperimentSpec): Ceiling | null {
  return technologyCard(technology).ceiling(settings, carriedLoad(workload));
}

/** Whether the load asks for more than the limit allows. */
export function asksBeyond({ workload }: ExperimentSpec, { messagesPerSecond }: Ceiling): boolean {
  return (highestRateAsked(workload) ?? 0) > messagesPerSecond;
}

/** One sentence for whoever is about to run an experiment that asks for too much; null for any other. */
export function ceilingWarning(spec: ExperimentSpec): string | null {
  const ceiling = ceilingOf(spec);
  const asked = highestRateAsked(spec.workload);
  if (!ceiling || asked === null || !asksBeyond(spec, ceiling)) return null;
  return `${spec.name}: the load of ${formatRate(asked)} messages/s is beyond the published ceiling of ${formatRate(ceiling.messagesPerSecond)} messages/s (${ceiling.source}).`;
}
