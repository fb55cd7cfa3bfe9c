import { ActivityCancellationType, CancellationScope, proxyActivities } from '@temporalio/workflow';
import { measuredSchedule } from '../../../src/contracts/experiment.ts';
import type {
  LoadGeneratorActivities,
  MeasureInput,
  OpenSessionInput,
} from '../../../src/contracts/loadgen.ts';
import { loadGeneratorTaskQueue } from '../../../src/contracts/temporal.ts';

function activitiesOf({ experimentId, generator }: OpenSessionInput): LoadGeneratorActivities {
  return proxyActivities<LoadGeneratorActivities>({
    taskQueue: loadGeneratorTaskQueue(experimentId, generator),
    startToCloseTimeout: '20 minutes',
    heartbeatTimeout: '20 seconds',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { maximumAttempts: 1 },
  });
}

function measureInput(input: OpenSessionInput, startAtEpochMs: number): MeasureInput {
  return { ...input, startAtEpochMs, schedule: measuredSchedule(input.workload), probe: null };
}

/** One session from its beginning to its end, as the experiment workflow runs it. */
export async function loadSession(input: OpenSessionInput) {
  const { openSession, produce, consume, closeSession } = activitiesOf(input);
  const opened = await openSession(input);
  const measure = measureInput(input, Date.now() + 500);
  const [produced, consumed] = await Promise.all([produce(measure), consume(measure)]);
  await CancellationScope.nonCancellable(() => closeSession(input));
  return { opened, produced, consumed };
}

/** Fails: nobody opened the session. */
export async function measureWithoutSession(input: OpenSessionInput) {
  return activitiesOf(input).produce(measureInput(input, Date.now()));
}
