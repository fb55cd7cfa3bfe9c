import { ActivityCancellationType, type ActivityOptions } from '@temporalio/workflow';
import {
  type ControlActivities,
  failureTypes,
  type ReaperActivities,
} from '../src/contracts/temporal/control-activities.ts';
import type { InfrastructureActivities } from '../src/contracts/temporal/infrastructure-activities.ts';
import type { LoadGeneratorActivities } from '../src/contracts/temporal/loadgen-activities.ts';
import { controlTaskQueue, homeTaskQueue, loadGeneratorTaskQueue } from '../src/contracts/temporal/names.ts';
import { proxyActivities } from './told-activities.ts';

/**
 * Where activities stop by themselves and return what they have, a cancel waits for that: by default the SDK gives an
 * activity up at once, while it runs on and its partial result is lost (measured: after 24 ms).
 */
const cancellationType = ActivityCancellationType.WAIT_CANCELLATION_COMPLETED;

const verdicts = [failureTypes.invalidInput, failureTypes.terraformFailed, failureTypes.operatorNeeded];

/** After how long the home is asked for again where nobody there takes an activity up: its slots may just be taken. */
export const usualTakeUpMs = 5 * 60_000;

const quickOptions: ActivityOptions = {
  taskQueue: controlTaskQueue,
  // Also how long it takes to notice that a worker was killed during one.
  startToCloseTimeout: '15 seconds',
  cancellationType,
  retry: {
    initialInterval: '500 milliseconds',
    maximumInterval: '30 seconds',
    nonRetryableErrorTypes: verdicts,
  },
};

/** Quick calls to S3 and Temporal: tried again for as long as it takes. */
export const control = proxyActivities<ControlActivities>(quickOptions);

/** @param forMs how long an experiment that may have something alive holds a slot without knowing whose it is */
export function slotCheck(forMs: number): Pick<ControlActivities, 'checkSlot'> {
  return proxyActivities<ControlActivities>({ ...quickOptions, scheduleToCloseTimeout: forMs });
}

/** Without what they say, nothing can begin; nobody shall wait for it for ever. */
export const accepting = proxyActivities<Pick<ControlActivities, 'acceptExperiment'>>({
  ...quickOptions,
  scheduleToCloseTimeout: '2 hours',
});

/** What is only good to have written down now: the next thing to do does not wait for it for long. */
export const noting = proxyActivities<Pick<ControlActivities, 'recordExperiment'>>({
  taskQueue: controlTaskQueue,
  startToCloseTimeout: '15 seconds',
  scheduleToCloseTimeout: '1 minute',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '10 seconds' },
});

/** Looks at a holder of a slot, a few times: a queue that cannot look must not stop serving. */
export const inspecting = proxyActivities<Pick<ControlActivities, 'inspectHolder'>>({
  taskQueue: controlTaskQueue,
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '500 milliseconds', maximumAttempts: 3 },
});

/** Without knowing who holds a slot, none can be given out: tried for as long as it takes. */
export const learning = proxyActivities<Pick<ControlActivities, 'findHolders'>>({
  taskQueue: controlTaskQueue,
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '20 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '30 seconds' },
});

/**
 * Waits while another experiment is measured, for an hour at most. Each look is a try that fails, so that the wait takes no
 * slot of a worker and no event of the history, and is shown with its reason.
 */
export const quiet = proxyActivities<Pick<ControlActivities, 'awaitQuiet'>>({
  taskQueue: controlTaskQueue,
  startToCloseTimeout: '15 seconds',
  scheduleToCloseTimeout: '1 hour',
  retry: { initialInterval: '10 seconds', backoffCoefficient: 1 },
});

/** Waits for another experiment to settle; the activity heartbeats. */
export const settling = proxyActivities<Pick<ControlActivities, 'settleExperiment'>>({
  taskQueue: controlTaskQueue,
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '30 seconds',
  cancellationType,
});

/** A few tries: the next scheduled run looks again. Looking heartbeats, and takes as long as there is to look at. */
export const reaping = proxyActivities<Omit<ReaperActivities, 'destroyOrphan'>>({
  taskQueue: controlTaskQueue,
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumAttempts: 5 },
});

/** A bounded number of tries, so that a result that cannot be stored never keeps infrastructure alive. They heartbeat. */
export const results = proxyActivities<Pick<ControlActivities, 'assembleResult' | 'judgeProbe'>>({
  taskQueue: controlTaskQueue,
  startToCloseTimeout: '60 seconds',
  heartbeatTimeout: '10 seconds',
  scheduleToCloseTimeout: '3 minutes',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '15 seconds', maximumAttempts: 8 },
});

const infrastructureOptions: ActivityOptions = {
  taskQueue: controlTaskQueue,
  // Longer than the hard limit under which every terraform runs.
  startToCloseTimeout: '90 minutes',
  heartbeatTimeout: '25 seconds',
  cancellationType,
  // Lost workers cost attempts, so these are not bounded; what terraform itself says ends the activity at once.
  retry: {
    initialInterval: '1 second',
    maximumInterval: '30 seconds',
    nonRetryableErrorTypes: [...verdicts, failureTypes.notQuiet],
  },
};

/** Where and how soon activities that are bound to a machine begin; null is the queue of workflows before 0.3.0. */
function placeOf(home: string | null, takeUpMs: number): ActivityOptions {
  if (home === null) return infrastructureOptions;
  return { ...infrastructureOptions, taskQueue: homeTaskQueue(home), scheduleToStartTimeout: takeUpMs };
}

export type Provisioning = Pick<InfrastructureActivities, 'provision' | 'ownsInfrastructure'>;

/** @param forMs how long the tries of one activity may take, all together: what nobody foresaw must not last for ever */
export function provisioning(home: string | null, takeUpMs: number, forMs: number): Provisioning {
  return proxyActivities<InfrastructureActivities>({
    ...placeOf(home, takeUpMs),
    scheduleToCloseTimeout: forMs,
  });
}

/** A bounded try; the workflow itself decides about the next one. */
export function destruction(
  home: string | null,
  takeUpMs: number = usualTakeUpMs,
): Pick<InfrastructureActivities, 'destroy'> & Pick<ReaperActivities, 'destroyOrphan'> {
  const place = placeOf(home, takeUpMs);
  return proxyActivities<InfrastructureActivities & ReaperActivities>({
    ...place,
    retry: { ...place.retry, maximumAttempts: 5 },
  });
}

/**
 * The sessions of one load generator: one attempt each, since a measurement cannot be repeated in part.
 * @param takeUp how long it may take to ask for its work
 */
export function loadGenerator(
  experimentId: string,
  generator: number,
  longestMs: number,
  takeUp: ActivityOptions['scheduleToStartTimeout'] = '20 seconds',
): LoadGeneratorActivities {
  return proxyActivities<LoadGeneratorActivities>({
    taskQueue: loadGeneratorTaskQueue(experimentId, generator),
    scheduleToStartTimeout: takeUp,
    startToCloseTimeout: longestMs,
    heartbeatTimeout: '20 seconds',
    cancellationType,
    retry: { maximumAttempts: 1 },
  });
}
