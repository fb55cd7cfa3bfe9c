import { Context } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import type { InfrastructureActivities } from '../../src/contracts/temporal/infrastructure-activities.ts';
import { type Attempt, type AttemptEnding, createFreezeDetector } from './attempt.ts';
import type { InfrastructureDependencies } from './dependencies.ts';
import { destroy, inventory } from './destroy.ts';
import { toTemporalFailure } from './errors.ts';
import { ownsInfrastructure, provision } from './provision.ts';

const heartbeatMs = 1_000;
/** Well below the heartbeat timeout of the infrastructure activities. */
const maxGapMs = 10_000;

/** The infrastructure activities of a control worker. Each is safe to retry, and to run beside a forgotten attempt. */
export function createInfrastructureActivities(deps: InfrastructureDependencies): InfrastructureActivities {
  return {
    provision: (input) => inAttempt((attempt) => provision(deps, input, attempt)),
    ownsInfrastructure: (input) => inAttempt(() => ownsInfrastructure(deps, input)),
    destroy: (input) => inAttempt((attempt) => destroy(deps, input, attempt)),
    inventory: (input) => inAttempt(() => inventory(deps, input)),
  };
}

/** The Temporal boundary: heartbeats on a timer of their own, cancellations by their cause, errors translated. */
export async function inAttempt<T>(work: (attempt: Attempt) => Promise<T>): Promise<T> {
  const context = Context.current();
  const freeze = createFreezeDetector(maxGapMs);
  let details: unknown;
  const beat = () => {
    if (!freeze.tick()) context.heartbeat(details);
  };
  beat();
  const timer = setInterval(beat, heartbeatMs);
  const attempt: Attempt = {
    ending: () => (freeze.tick() ? 'lost' : endingOf(context)),
    report(latest) {
      details = latest;
    },
  };
  try {
    return await work(attempt);
  } catch (error) {
    const failure = toTemporalFailure(error);
    // The SDK tells a paused, reset or shut-down activity from a failed one by this.
    if (endingOf(context) === 'lost' && !(failure instanceof CancelledFailure)) {
      throw context.cancellationSignal.reason ?? failure;
    }
    throw failure;
  } finally {
    clearInterval(timer);
  }
}

/** Only a request to cancel is one: whatever else ends an attempt, another attempt may go on with the work. */
export function endingOf({ cancellationSignal, cancellationDetails }: Context): AttemptEnding | null {
  if (!cancellationSignal.aborted) return null;
  const details = cancellationDetails;
  const lost =
    details?.notFound || details?.timedOut || details?.workerShutdown || details?.paused || details?.reset;
  return lost || !details?.cancelRequested ? 'lost' : 'cancelled';
}
