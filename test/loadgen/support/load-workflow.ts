import { ActivityCancellationType, CancellationScope, proxyActivities } from '@temporalio/workflow';
import type { LoadGeneratorActivities, OpenSessionInput } from '../../../src/contracts/loadgen.ts';
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

/** One session from its beginning to its end, as the experiment workflow runs it. */
export async function loadSession(input: OpenSessionInput) {
  const { openSession, produce, consume, closeSession } = activitiesOf(input);
  const opened = await openSession(input);
  const measure = { ...input, startAtEpochMs: Date.now() + 500 };
  const [produced, consumed] = await Promise.all([produce(measure), consume(measure)]);
  await CancellationScope.nonCancellable(() => closeSession(input));
  return { opened, produced, consumed };
}

/** Fails: nobody opened the session. */
export async function measureWithoutSession(input: OpenSessionInput) {
  return activitiesOf(input).produce({ ...input, startAtEpochMs: Date.now() });
}
