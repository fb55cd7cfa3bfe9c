import { ActivityCancellationType, CancellationScope, proxyActivities } from '@temporalio/workflow';
import { measuredSchedule } from '../../../src/contracts/input/load/schedule.ts';
import type {
  LoadGeneratorActivities,
  MeasureInput,
  OpenSessionInput,
} from '../../../src/contracts/temporal/loadgen-activities.ts';
import { loadGeneratorTaskQueue } from '../../../src/contracts/temporal/names.ts';

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

/** One session over several load generators, each with its own input. */
export async function sharedSession(inputs: OpenSessionInput[]) {
  const opened = await Promise.all(inputs.map((input) => activitiesOf(input).openSession(input)));
  const startAtEpochMs = Date.now() + 3_000;
  const parts = await Promise.all(
    inputs.flatMap((input) => {
      const { produce, consume } = activitiesOf(input);
      const measure = measureInput(input, startAtEpochMs);
      return [
        ...(input.producers.length > 0 ? [produce(measure)] : []),
        ...(input.consumers.length > 0 ? [consume(measure)] : []),
      ];
    }),
  );
  await Promise.all(inputs.map((input) => activitiesOf(input).closeSession(input)));
  return { opened, parts };
}

/** Fails: nobody opened the session. */
export async function measureWithoutSession(input: OpenSessionInput) {
  return activitiesOf(input).produce(measureInput(input, Date.now()));
}
