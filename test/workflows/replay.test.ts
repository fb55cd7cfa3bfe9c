import { beforeAll, describe, expect, test } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { ourWorkflows } from '../support/temporal.ts';
import { readHistory, readReleases } from './support/golden.ts';

/** Replays histories, each given by its workflow's id, on one worker; what each came to, by the id. */
async function replay(histories: Record<string, unknown>): Promise<Map<string, Error | undefined>> {
  const outcomes = new Map<string, Error | undefined>();
  const replayed = Worker.runReplayHistories(
    { workflowBundle: await ourWorkflows() },
    Object.entries(histories).map(([workflowId, history]) => ({ workflowId, history })),
  );
  for await (const { workflowId, error } of replayed) outcomes.set(workflowId, error);
  return outcomes;
}

describe('a change of the workflows does not break experiments that run', () => {
  const releases = Object.entries(readReleases());

  describe.each(releases)('since release %s', (release, sums) => {
    const names = Object.keys(sums);
    let outcomes: Map<string, Error | undefined>;

    beforeAll(async () => {
      outcomes = await replay(Object.fromEntries(names.map((name) => [name, readHistory(release, name)])));
    });

    test.each(names)('%s', (name) => {
      expect([...outcomes]).toContainEqual([name, undefined]);
    });

    test('there is a history of every workflow, and of every outcome', () => {
      expect(names).toEqual(
        expect.arrayContaining([
          'comparison-completed',
          'experiment-cancelled-measuring',
          'experiment-completed',
          'experiment-failed',
          'experiment-needs-operator',
          'reaper-destroyed',
          'run-queue',
        ]),
      );
    });
  });

  test('a replay sees a step that is no longer taken', async () => {
    const history = readHistory('0.1.0', 'experiment-completed');
    const event = history.events.find(
      (one: { activityTaskScheduledEventAttributes?: { activityType: { name: string } } }) =>
        one.activityTaskScheduledEventAttributes?.activityType.name === 'provision',
    );
    event.activityTaskScheduledEventAttributes.activityType.name = 'provisionOtherwise';
    const outcomes = await replay({ changed: history });
    expect(outcomes.get('changed')).toBeInstanceOf(DeterminismViolationError);
  });
});
