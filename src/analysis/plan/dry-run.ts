import type { ComparisonDryRun, ExperimentDryRun } from '../../contracts/documents/api.ts';
import type { ComparisonSpec } from '../../contracts/input/comparison.ts';
import type { ExperimentSpec } from '../../contracts/input/experiment.ts';
import { variantExperiment } from '../../contracts/input/grid/grid.ts';
import type { FieldError } from '../../contracts/input/problem.ts';
import { expectedOfComparison, expectedOfExperiment } from './expected-time.ts';
import { guaranteeOfExperiment, promiseOf } from './guarantees.ts';
import { endlessRoom, type Room, roomProblems } from './room.ts';

/** What an experiment would be, take and promise, without starting it. */
export function dryRunOfExperiment(spec: ExperimentSpec, room: Room = endlessRoom): ExperimentDryRun {
  return { spec, expected: expectedOfExperiment(spec, room), guarantee: guaranteeOfExperiment(spec) };
}

/** What a comparison would be, take and promise, without starting it. */
export function dryRunOfComparison(spec: ComparisonSpec, room: Room = endlessRoom): ComparisonDryRun {
  const guarantees = spec.variants.map((_, index) => promiseOf(variantExperiment(spec, index)));
  return { spec, expected: expectedOfComparison(spec, room), guarantees };
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
