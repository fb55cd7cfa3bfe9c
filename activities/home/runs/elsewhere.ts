import { hostname } from 'node:os';
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
