import { describe, expect, test } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { ourWorkflows } from '../support/temporal.ts';
import { readHistory, readReleases } from './support/golden.ts';

async function replay(name: string, history: unknown): Promise<Error | undefined> {
  const histories = [{ workflowId: name, history }];
  for await (const { error } of Worker.runReplayHistories(
    { workflowBundle: await ourWorkflows() },
    histories,
  )) {
    return error;
  }
  throw new Error('nothing was replayed');
}

describe('a change of the workflows does not break experiments that run', () => {
  const releases = Object.entries(readReleases());

  describe.each(releases)('since release %s', (release, sums) => {
    const names = Object.keys(sums);

    test.each(names)('%s', async (name) => {
      expect(await replay(name, readHistory(release, name))).toBeUndefined();
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
    expect(await replay('changed', history)).toBeInstanceOf(DeterminismViolationError);
  });
});
