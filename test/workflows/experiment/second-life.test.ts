import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { controlTaskQueue, messageNames, workflowTypes } from '../../../src/contracts/temporal/names.ts';
import { startTemporal, withControlWorker } from '../../support/temporal.ts';
import { FakeWorld, gate, spec, terraformFailed } from '../support/fake-world.ts';
import { resetToStart } from '../support/reset.ts';
import { untilPhase } from '../support/until-phase.ts';

let environment: TestWorkflowEnvironment;
let world: FakeWorld;
let ids = 0;

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

const options = (workflowId: string) => ({
  workflowId,
  taskQueue: controlTaskQueue,
  args: [{ spec }] as [unknown],
});
const latest = (id: string): WorkflowHandle => environment.client.workflow.getHandle(id);

/** How an id comes by a second run while the first one's infrastructure lives; cancelled at once. */
const lives: Record<string, (id: string) => Promise<void>> = {
  'reset to its first task, and cancelled': async (id) => {
    await resetToStart(environment, id);
    await latest(id).signal(messageNames.cancel);
  },
  'reset to its first task, and cancelled by Temporal': async (id) => {
    await resetToStart(environment, id);
    await latest(id).cancel();
  },
  'terminated, and started again with the cancel': async (id) => {
    await latest(id).terminate('by a test');
    await environment.client.workflow.signalWithStart(workflowTypes.experiment, {
      ...options(id),
      signal: messageNames.cancel,
    });
  },
};

describe.each(Object.keys(lives))('an experiment that is measured, then %s,', (life) => {
  test.each(['while its input is looked at', 'whenever that is'])(
    '%s, closes with nothing alive',
    async (when) => {
      const asked = gate();
      const activities = world.activities();
      let accepted = 0;
      const slowToAccept: typeof activities = {
        ...activities,
        async acceptExperiment(input) {
          accepted += 1;
          if (accepted > 1 && when.startsWith('while')) await asked.opened;
          return await activities.acceptExperiment(input);
        },
      };
      world.hook = (step) => (step === 'produce' ? gate().opened : undefined);
      ids += 1;
      const id = `second-life-${ids}`;
      await withControlWorker(environment, slowToAccept, async () => {
        await environment.client.workflow.start(workflowTypes.experiment, options(id));
        await untilPhase(latest(id), 'measuring');
        expect(world.alive).toEqual(new Set([id]));
        await lives[life]?.(id);
        asked.open();
        await latest(id)
          .result()
          .catch(() => {});
        expect(world.alive.size).toBe(0);
        expect(world.experiments.get(id)).toMatchObject({ phase: 'closed', outcome: 'cancelled' });
        // The slot is free at once.
        world.hook = () => {};
        const next = await environment.client.workflow.start(workflowTypes.experiment, options(`${id}-next`));
        await next.result();
      });
    },
  );
});

test('one that needs an operator still does after a reset that repeats its cancel', async () => {
  let broken = true;
  world.hook = (step) => {
    if (step === 'produce') return gate().opened;
    if (step === 'destroy' && broken) throw terraformFailed('the stream is in use');
  };
  await withControlWorker(environment, world.activities(), async () => {
    const id = 'second-life-operator';
    await environment.client.workflow.start(workflowTypes.experiment, options(id));
    await untilPhase(latest(id), 'measuring');
    await latest(id).signal(messageNames.cancel);
    await untilPhase(latest(id), 'needs-operator');
    await resetToStart(environment, id);
    await untilPhase(latest(id), 'needs-operator');
    expect(world.alive).toEqual(new Set([id]));
    broken = false;
    await latest(id).executeUpdate(messageNames.retryDestroy);
    await latest(id).result();
    expect(world.alive.size).toBe(0);
  });
});

test('one that is started again with an input that is refused leaves nothing alive', async () => {
  world.hook = (step) => (step === 'produce' ? gate().opened : undefined);
  await withControlWorker(environment, world.activities(), async () => {
    const id = 'second-life-refused';
    await environment.client.workflow.start(workflowTypes.experiment, options(id));
    await untilPhase(latest(id), 'measuring');
    await latest(id).terminate('by a test');
    await environment.client.workflow.start(workflowTypes.experiment, {
      ...options(id),
      args: [{ name: 'x', technology: 'kafak' }],
    });
    await expect(latest(id).result()).rejects.toThrow();
    expect((await latest(id).describe()).status.name).toBe('FAILED');
    expect(world.alive.size).toBe(0);
    world.hook = () => {};
    await environment.client.workflow.execute(workflowTypes.experiment, options(`${id}-next`));
  });
});
