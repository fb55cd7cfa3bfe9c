import { hostname } from 'node:os';
import { launchedElsewhere } from '../../../src/machine/launched.ts';
import { OperatorNeededError } from '../errors.ts';
import type { Claim } from './terraform-run.ts';

/** A run folder that another host has used a moment ago: what it started cannot be seen from here. */
export function usedElsewhere({ host, hardLimitAt, number }: Claim): Error {
  return new OperatorNeededError(
    `Terraform run ${number} of this experiment was started on ${host}, and whether it still runs cannot be seen from ${hostname()}.`,
    [
      `Start the worker on ${host} again: it goes on from there.`,
      `Or wait: after ${hardLimitAt} that run cannot be alive any more, and the next try goes on without asking.`,
    ],
  );
}

/** @throws OperatorNeededError where something was started that cannot be seen from here, and so not be ended either */
export function assertLaunchedHere(runFolder: string): void {
  const [first, ...more] = launchedElsewhere(runFolder);
  if (!first) return;
  const { at, name, startedAt } = first;
  const others = more.length > 0 ? `, and ${more.length} more,` : '';
  throw new OperatorNeededError(
    `${name}${others} of this experiment was started on ${at.host} at ${startedAt}, and whether it still runs cannot be seen from ${hostname()}.`,
    [
      `Start a worker with this home on ${at.host}, where it was started, and stop this one: it goes on from there.`,
      `Or, where that machine or container is gone for good, and all that ran there with it, remove ${runFolder}/processes.`,
    ],
  );
}
