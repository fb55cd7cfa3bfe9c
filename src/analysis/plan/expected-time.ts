import type { Expected } from '../../contracts/documents/api.ts';
import type { ComparisonSpec } from '../../contracts/input/comparison.ts';
import type { ExperimentSpec } from '../../contracts/input/experiment.ts';
import { variantExperiment } from '../../contracts/input/grid/grid.ts';
import { longestWarmupSeconds, warmupMessagesPerSecond } from '../../contracts/input/load/schedule.ts';
import type { Workload } from '../../contracts/input/workload.ts';
import type { PriceBook } from '../../technologies/prices.ts';
import { listPrices, technologyCard } from '../../technologies/registry.ts';
import { cloudCostOf, inArithmetic } from '../cost/cloud-cost.ts';
import { firstLookSeconds } from '../steady/level.ts';
import { sum } from '../sum.ts';
import { ceilingWarning } from './ceiling.ts';
import { differenceNotes, partitionNotes, promiseOf } from './guarantees.ts';
import { undecidableRequirements } from './requirements/undecidable.ts';
import { endlessRoom, expectedRoom, type Room, roomProblems, roomWarnings } from './room.ts';
import { searchSeconds } from './search-length.ts';
import { fitWarnings } from './warnings.ts';

/**
 * What one experiment would take, without waiting for others. The load's time is exact, that of a warm-up what it takes
 * when it is level at the first look, and that of a search when only the highest rate is sustained; set-up and removal are
 * typical, and it is kept for as long as it asks for.
 * @param room of the machine that it is to run on
 */
export function expectedOfExperiment(
  spec: ExperimentSpec,
  room: Room = endlessRoom,
  prices: PriceBook = listPrices,
): Expected {
  const { workload } = spec;
  const target = technologyCard(spec.technology).targets[spec.target];
  const keptSeconds = (spec.keepMinutes ?? 0) * 60;
  const workSeconds = warmupSeconds(workload) + loadSeconds(workload) + (target?.overheadSeconds ?? 0);
  return {
    seconds: Math.round(workSeconds + keptSeconds),
    ...costOfRuns([spec], 1, prices),
    warnings: [...warningsOf(spec, room), ...undecidableRequirements(spec.name, [spec])],
    ...expectedRoom([spec], room),
  };
}

/** What a comparison would take: its experiments run one after another. */
export function expectedOfComparison(
  spec: ComparisonSpec,
  room: Room = endlessRoom,
  prices: PriceBook = listPrices,
): Expected {
  const experiments = spec.variants.map((_, index) => variantExperiment(spec, index));
  const seconds = experiments.map((experiment) => expectedOfExperiment(experiment).seconds);
  return {
    seconds: seconds.reduce((total, one) => total + one, 0) * spec.repetitions,
    ...costOfRuns(experiments, spec.repetitions, prices),
    warnings: [
      ...experiments.flatMap((one) => warningsOf(one, room)),
      ...differenceNotes(experiments.map(promiseOf)),
      ...partitionNotes(experiments),
      ...undecidableRequirements(spec.name, experiments),
    ],
    ...expectedRoom(experiments, room),
  };
}

function warningsOf(spec: ExperimentSpec, room: Room): string[] {
  const beyond = ceilingWarning(spec);
  return [
    ...(beyond ? [beyond] : []),
    ...roomProblems(spec, room),
    ...roomWarnings(spec, room),
    ...fitWarnings(spec),
  ];
}

function warmupSeconds(workload: Workload): number {
  const firstLook = firstLookSeconds(workload.warmupSeconds, warmupMessagesPerSecond(workload));
  return Math.min(firstLook, longestWarmupSeconds(workload));
}

/** How long a load is measured, the probes of a search included. */
function loadSeconds({ load, durationSeconds }: Workload): number {
  if (load.shape !== 'ladder') return searchSeconds(load) + durationSeconds;
  const held = load.ratesMessagesPerSecond ? 0 : durationSeconds;
  const rungs = (load.ratesMessagesPerSecond ?? load.sharesPercent ?? []).length;
  return searchSeconds(load) + held + rungs * durationSeconds;
}

/** What is rented, should it take all the time that its budget gives it; null where nothing is. */
function costOfRuns(
  experiments: readonly ExperimentSpec[],
  repetitions: number,
  prices: PriceBook,
): Pick<Expected, 'costUsd' | 'costReason'> {
  const rented = experiments.filter(({ target }) => target === 'aws');
  if (rented.length === 0) {
    const costReason = experiments.some(({ target }) => target === 'existing')
      ? 'Nothing is rented; what a cluster of yours costs is not known here.'
      : 'On the local target nothing is rented, so there is no price.';
    return { costUsd: null, costReason };
  }
  const costs = rented.map((spec) => ({ spec, cost: cloudCostOf(spec, prices) }));
  const parts = costs.map(({ spec, cost }) => `${spec.name}: ${inArithmetic(cost)}`);
  const times = repetitions > 1 ? `, ${repetitions} times` : '';
  return {
    costUsd: sum(costs.map(({ cost }) => cost.usd)) * repetitions,
    costReason: `At most, on AWS by list prices, should it take all the minutes of its budget and be removed after${times}: ${parts.join('; ')}.`,
  };
}
