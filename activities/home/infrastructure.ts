import { Context } from '@temporalio/activity';
import type { ExperimentSpec } from '../../src/contracts/input/experiment.ts';
import type { FoundExperiments } from '../../src/contracts/temporal/control-activities.ts';
import type {
  DestroyInput,
  InfrastructureActivities,
} from '../../src/contracts/temporal/infrastructure-activities.ts';
import { endingOf } from '../../src/temporal/cancellation.ts';
import { whileHeartbeating } from '../../src/temporal/heartbeat.ts';
import { type Attempt, createFreezeDetector } from './attempt.ts';
import type { InfrastructureDependencies } from './dependencies.ts';
import { destroy } from './destroy.ts';
import { findExperiments } from './find-experiments.ts';
import { identifyExperiment } from './identify.ts';
import { inventory } from './inventory.ts';
import { ownsInfrastructure, provision } from './provision.ts';
import { stopAllOverdue } from './runs/interrupt.ts';

/** Well below the heartbeat timeout of the infrastructure activities. */
const maxGapMs = 10_000;

/** What a home offers: its activities, and looks at what is there for those who decide by it. */
export interface Home {
  /** Each is safe to retry, and to run beside a forgotten attempt. */
  activities: InfrastructureActivities;
  /** This installation's experiments that may have anything. */
  findExperiments(): Promise<FoundExperiments>;
  inventory: InfrastructureActivities['inventory'];
  /** What an experiment whose record is lost must have been; null where that cannot be told. */
  identify(experimentId: string): Promise<ExperimentSpec | null>;
  /** As the activity `destroy`, with a question that each attempt asks before it takes over, and again once it has. */
  destroy(input: DestroyInput, assertMayGoOn: () => Promise<void>): Promise<void>;
}

/** The home of a control worker. */
export function createHome(deps: InfrastructureDependencies): Home {
  const activities: InfrastructureActivities = {
    provision: (input) => inAttempt((attempt) => provision(deps, input, attempt)),
    ownsInfrastructure: (input) => inAttempt(() => ownsInfrastructure(deps, input)),
    destroy: (input) => inAttempt((attempt) => destroy(deps, input, attempt)),
    inventory: (input) => inAttempt(() => inventory(deps, input)),
  };
  return {
    activities,
    findExperiments() {
      // Whoever looks what is there sees to it that nothing of it outlives its limit.
      stopAllOverdue(deps.home, deps.limits.patienceMs);
      return findExperiments(deps);
    },
    inventory: activities.inventory,
    identify: (experimentId) => identifyExperiment(deps, experimentId),
    destroy: (input, assertMayGoOn) => inAttempt((attempt) => destroy(deps, input, attempt, assertMayGoOn)),
  };
}

/** One attempt as the code below knows it: heartbeats while it works, and told when and how it must end. */
export async function inAttempt<T>(work: (attempt: Attempt) => Promise<T>): Promise<T> {
  const context = Context.current();
  const freeze = createFreezeDetector(maxGapMs);
  let details: unknown;
  const attempt: Attempt = {
    ending: () => (freeze.tick() ? 'lost' : endingOf(context)),
    report(latest) {
      details = latest;
    },
  };
  return whileHeartbeating(() => work(attempt), { details: () => details, mayBeat: () => !freeze.tick() });
}
