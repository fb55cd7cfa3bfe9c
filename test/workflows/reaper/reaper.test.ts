import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { createReaperActivities } from '../../../activities/control/reaper.ts';
import type { ReaperReport } from '../../../src/contracts/temporal/infrastructure-activities.ts';
import { controlTaskQueue, workflowTypes } from '../../../src/contracts/temporal/names.ts';
import { startTemporal, withControlWorker } from '../../support/temporal.ts';
import { FakeWorld, gate, spec, terraformFailed } from '../support/fake-world.ts';
import { untilPhase } from '../support/until-phase.ts';

let environment: TestWorkflowEnvironment;
let world: FakeWorld;

beforeAll(async () => {
  environment = await startTemporal();
});
afterAll(async () => {
  await environment?.teardown();
});
beforeEach(() => {
  world = new FakeWorld(environment);
});
afterEach(async () => {
  await world.end();
});

function inWorld<T>(run: () => Promise<T>): Promise<T> {
  const activities = world.activities();
  const reaping = createReaperActivities({
    client: environment.client,
    records: {
      readExperiment: async (id: string) => world.experiments.get(id) ?? null,
      saveExperiment: async (record: never) =>
        void world.experiments.set((record as { id: string }).id, record),
    } as never,
    findExperiments: async () => [...world.alive].sort(),
    inventory: activities.inventory,
    releaseSlot: activities.releaseSlot,
  });
  return withControlWorker(environment, { ...activities, ...reaping }, run);
}

/** Starts an experiment and terminates it in mid-load, as a person may from the Web UI. */
async function leaveBehind(workflowId: string): Promise<void> {
  const reached = gate();
  world.hook = async (step, _count, id) => {
    if (step !== 'produce' || id !== workflowId) return;
    reached.open();
    await gate().opened;
  };
  const handle = await start(workflowId);
  await reached.opened;
  await handle.terminate('by a test');
}

function start(workflowId: string) {
  return environment.client.workflow.start(workflowTypes.experiment, {
    workflowId,
    taskQueue: controlTaskQueue,
    args: [{ spec }],
  });
}

async function reap(dryRun = false): Promise<ReaperReport> {
  return (await environment.client.workflow.execute(workflowTypes.reaper, {
    workflowId: `reap-${Math.random()}`,
    taskQueue: controlTaskQueue,
    args: [{ dryRun }],
  })) as ReaperReport;
}

test('what a terminated experiment left is listed by a dry run, and destroyed by a real one', async () => {
  await inWorld(async () => {
    await leaveBehind('left-1');
    const [found] = (await reap(true)).orphans;
    expect(found).toMatchObject({ experimentId: 'left-1', result: 'found', items: [{ kind: 'process' }] });
    expect(world.alive).toEqual(new Set(['left-1']));
    expect((await reap()).orphans).toMatchObject([{ experimentId: 'left-1', result: 'destroyed' }]);
    expect(world.alive.size).toBe(0);
    expect(world.experiments.get('left-1')).toMatchObject({
      phase: 'closed',
      outcome: 'failed',
      failure: { code: 'workflow-lost' },
    });
    expect((await reap()).orphans).toEqual([]);
  });
});

test('a running experiment is left alone, and gets the slot of the one that was terminated', async () => {
  await inWorld(async () => {
    await leaveBehind('left-2');
    const measuring = gate();
    world.hook = (step, _count, id) =>
      step === 'produce' && id === 'running-2' ? measuring.opened : undefined;
    const running = await start('running-2');
    expect((await reap()).orphans.map(({ experimentId }) => experimentId)).toEqual(['left-2']);
    await untilPhase(running, 'measuring');
    expect((await reap()).orphans).toEqual([]);
    expect(world.alive).toEqual(new Set(['running-2']));
    measuring.open();
    await running.result();
  });
});

test('one that cannot be destroyed keeps no other from it', async () => {
  await inWorld(async () => {
    await leaveBehind('left-3');
    world.alive.add('left-4');
    world.experiments.set('left-4', { ...world.experiments.get('left-3'), id: 'left-4' } as never);
    world.hook = (step, _count, id) => {
      if (step === 'destroy' && id === 'left-3') throw terraformFailed('the stream is in use');
    };
    const { orphans } = await reap();
    expect(orphans).toMatchObject([
      { experimentId: 'left-3', result: 'failed', message: 'the stream is in use' },
      { experimentId: 'left-4', result: 'destroyed' },
    ]);
    world.hook = () => {};
    expect((await reap()).orphans).toMatchObject([{ experimentId: 'left-3', result: 'destroyed' }]);
  });
});
