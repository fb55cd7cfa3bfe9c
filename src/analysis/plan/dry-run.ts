import type { ComparisonDryRun, Expected, ExperimentDryRun } from '../../contracts/documents/api.ts';
import type { ComparisonSpec } from '../../contracts/input/comparison.ts';
import type { ExperimentSpec } from '../../contracts/input/experiment.ts';
import { variantExperiment } from '../../contracts/input/grid/grid.ts';
import type { FieldError } from '../../contracts/input/problem.ts';
import type { PriceBook } from '../../technologies/prices.ts';
import { listPrices } from '../../technologies/registry.ts';
import { expectedCostOf } from '../cost/cost.ts';
import type { KnownCloud } from './cloud.ts';
import { cloudResources } from './cloud-resources.ts';
import { expectedOfComparison, expectedOfExperiment } from './expected-time.ts';
import { guaranteeOfExperiment, promiseOf } from './guarantees.ts';
import { endlessRoom, type Room, roomProblems } from './room.ts';

/** What decides a dry run beside the document. */
interface Surroundings {
  /** Of the machine that it is to run on. */
  room?: Room;
  prices?: PriceBook;
  /** What may be used of AWS. */
  cloud?: Pick<KnownCloud, 'network'>;
}

/** What an experiment would be, take and promise, without starting it. */
export function dryRunOfExperiment(
  spec: ExperimentSpec,
  { room = endlessRoom, prices = listPrices, cloud = {} }: Surroundings = {},
): ExperimentDryRun {
  return {
    spec,
    expected: { ...expectedOfExperiment(spec, room, prices), ...resourcesOf([spec], cloud) },
    guarantee: guaranteeOfExperiment(spec),
    cost: expectedCostOf(spec, prices),
  };
}

/** What a comparison would be, take and promise, without starting it. */
export function dryRunOfComparison(
  spec: ComparisonSpec,
  { room = endlessRoom, prices = listPrices, cloud = {} }: Surroundings = {},
): ComparisonDryRun {
  const experiments = spec.variants.map((_, index) => variantExperiment(spec, index));
  return {
    spec,
    expected: { ...expectedOfComparison(spec, room, prices), ...resourcesOf(experiments, cloud) },
    guarantees: experiments.map(promiseOf),
    costs: experiments.map((one) => ({ name: one.name, cost: expectedCostOf(one, prices) })),
  };
}

function resourcesOf(
  specs: readonly ExperimentSpec[],
  { network }: NonNullable<Surroundings['cloud']>,
): Pick<Expected, 'resources'> {
  const resources = cloudResources(specs, !network);
  return resources.length > 0 ? { resources } : {};
}

/** Why an experiment cannot run on its machine. */
export function roomFaultsOfExperiment(spec: ExperimentSpec, room: Room): FieldError[] {
  return roomProblems(spec, room).map((detail) => ({ pointer: '/workload', detail }));
}

/** Why variants of a comparison cannot run on their machine. */
export function roomFaultsOfComparison(spec: ComparisonSpec, room: Room): FieldError[] {
  return spec.variants.flatMap((_, index) =>
    roomProblems(variantExperiment(spec, index), room).map((detail) => ({
      pointer: `/variants/${index}`,
      detail,
    })),
  );
}
