import { expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import type { ExperimentSpec } from '../../../src/contracts/input/experiment.ts';
import { controlTaskQueue, workflowTypes } from '../../../src/contracts/temporal/names.ts';
import { withControlWorker } from '../../support/temporal.ts';
import { gate, type Step, spec } from '../support/fake-world.ts';
import { fakeWorlds } from '../support/fake-worlds.ts';

const fake = fakeWorlds();

const rented: ExperimentSpec = { ...spec, technology: 'kinesis', target: 'aws' };

/** Runs an experiment on `aws` whose budget gives it so many seconds. */
async function run<T>(workflowId: string, seconds: number, look: (handle: WorkflowHandle) => Promise<T>) {
  const activities = fake.world.activities();
  const limited: typeof activities = {
    ...activities,
    // Nobody could wait for the least that may be written.
    async acceptExperiment(input) {
      const accepted = await activities.acceptExperiment(input);
      const budget = { maxCostUsd: 10, maxMinutes: seconds / 60 };
      return { ...accepted, spec: { ...accepted.spec, budget } };
    },
  };
  return withControlWorker(fake.environment, limited, async () => {
    const handle = await fake.environment.client.workflow.start(workflowTypes.experiment, {
      workflowId,
      taskQueue: controlTaskQueue,
      args: [{ spec: rented }],
    });
    return look(handle);
  });
}

test.each<[Step, number]>([
  ['produce', 2],
  ['provision', 0],
])('what takes too long to %s is destroyed when its time is over', async (slow, parts) => {
  const id = `rented-${slow}`;
  fake.world.hook = async (step) => {
    if (step === slow) await gate().opened;
  };
  await run(id, 3, async (handle) => {
    await expect(handle.result()).rejects.toThrow('Workflow execution failed');
    expect(fake.world.alive.size).toBe(0);
    const record = fake.world.experiments.get(id);
    expect(record).toMatchObject({
      outcome: 'failed',
      failure: { code: 'time-limit', message: expect.stringContaining('budget.maxMinutes') },
    });
    // What was measured is kept.
    expect(fake.world.results.map(({ partial, partKeys }) => [partial, partKeys.length])).toEqual([
      [true, parts],
    ]);
  });
});

test('what ends in time leaves no timer that would hold its workflow', async () => {
  await run('rented-quick', 600, async (handle) => {
    expect(await handle.result()).toMatchObject({ outcome: 'completed' });
    const { events = [] } = await handle.fetchHistory();
    const timers = events?.filter(({ timerStartedEventAttributes: one }) =>
      one?.startToFireTimeout ? Number(one.startToFireTimeout.seconds) > 300 : false,
    );
    expect(timers?.length).toBe(1);
    expect(events?.some(({ timerCanceledEventAttributes: one }) => one)).toBe(true);
    expect(fake.world.alive.size).toBe(0);
  });
});
