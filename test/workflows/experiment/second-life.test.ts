import { describe, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { controlTaskQueue, messageNames, workflowTypes } from '../../../src/contracts/temporal/names.ts';
import { withControlWorker } from '../../support/temporal.ts';
import { gate, spec, terraformFailed } from '../support/fake-world.ts';
import { fakeWorlds } from '../support/fake-worlds.ts';
import { resetToStart } from '../support/reset.ts';
import { untilPhase } from '../support/until-phase.ts';

const fake = fakeWorlds();
let ids = 0;

const options = (workflowId: string) => ({
  workflowId,
  taskQueue: controlTaskQueue,
  args: [{ spec }] as [unknown],
});
const latest = (id: string): WorkflowHandle => fake.environment.client.workflow.getHandle(id);

/** How an id comes by a second run while the first one's infrastructure lives; cancelled at once. */
const lives: Record<string, (id: string) => Promise<void>> = {
  'reset to its first task, and cancelled': async (id) => {
    await resetToStart(fake.environment, id);
    await latest(id).signal(messageNames.cancel);
  },
  'reset to its first task, and cancelled by Temporal': async (id) => {
    await resetToStart(fake.environment, id);
    await latest(id).cancel();
  },
  'terminated, and started again with the cancel': async (id) => {
    await latest(id).terminate('by a test');
    await fake.environment.client.workflow.signalWithStart(workflowTypes.experiment, {
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
      const activities = fake.world.activities();
      let accepted = 0;
      const slowToAccept: typeof activities = {
        ...activities,
        async acceptExperiment(input) {
          accepted += 1;
          if (accepted > 1 && when.startsWith('while')) await asked.opened;
          return await activities.acceptExperiment(input);
        },
      };
      fake.world.hook = (step) => (step === 'produce' ? gate().opened : undefined);
      ids += 1;
      const id = `second-life-${ids}`;
      await withControlWorker(fake.environment, slowToAccept, async () => {
        await fake.environment.client.workflow.start(workflowTypes.experiment, options(id));
        await untilPhase(latest(id), 'measuring');
        expect(fake.world.alive).toEqual(new Set([id]));
        await lives[life]?.(id);
        asked.open();
        await latest(id)
          .result()
          .catch(() => {});
        expect(fake.world.alive.size).toBe(0);
        expect(fake.world.experiments.get(id)).toMatchObject({ phase: 'closed', outcome: 'cancelled' });
        // The slot is free at once.
        fake.world.hook = () => {};
        const next = await fake.environment.client.workflow.start(
          workflowTypes.experiment,
          options(`${id}-next`),
        );
        await next.result();
      });
    },
  );
});

test('one that needs an operator still does after a reset that repeats its cancel', async () => {
  let broken = true;
  fake.world.hook = (step) => {
    if (step === 'produce') return gate().opened;
    if (step === 'destroy' && broken) throw terraformFailed('the stream is in use');
  };
  await withControlWorker(fake.environment, fake.world.activities(), async () => {
    const id = 'second-life-operator';
    await fake.environment.client.workflow.start(workflowTypes.experiment, options(id));
    await untilPhase(latest(id), 'measuring');
    await latest(id).signal(messageNames.cancel);
    await untilPhase(latest(id), 'needs-operator');
    await resetToStart(fake.environment, id);
    await untilPhase(latest(id), 'needs-operator');
    expect(fake.world.alive).toEqual(new Set([id]));
    broken = false;
    await latest(id).executeUpdate(messageNames.retryDestroy);
    await latest(id).result();
    expect(fake.world.alive.size).toBe(0);
  });
});

test('one that is started again with an input that is refused leaves nothing alive', async () => {
  fake.world.hook = (step) => (step === 'produce' ? gate().opened : undefined);
  await withControlWorker(fake.environment, fake.world.activities(), async () => {
    const id = 'second-life-refused';
    await fake.environment.client.workflow.start(workflowTypes.experiment, options(id));
    await untilPhase(latest(id), 'measuring');
    await latest(id).terminate('by a test');
    await fake.environment.client.workflow.start(workflowTypes.experiment, {
      ...options(id),
      args: [{ name: 'x', technology: 'kafak' }],
    });
    await expect(latest(id).result()).rejects.toThrow();
    expect((await latest(id).describe()).status.name).toBe('FAILED');
    expect(fake.world.alive.size).toBe(0);
    fake.world.hook = () => {};
    await fake.environment.client.workflow.execute(workflowTypes.experiment, options(`${id}-next`));
  });
});

test('one whose record cannot be read, started again, is destroyed by what is there of it', async () => {
  fake.world.hook = (step) => (step === 'produce' ? gate().opened : undefined);
  await withControlWorker(fake.environment, fake.world.activities(), async () => {
    const id = 'second-life-unreadable';
    await fake.environment.client.workflow.start(workflowTypes.experiment, options(id));
    await untilPhase(latest(id), 'measuring');
    await latest(id).terminate('by a test');
    fake.world.unreadable.add(id);
    fake.world.identified = spec;
    await fake.environment.client.workflow.start(workflowTypes.experiment, options(id));
    await expect(latest(id).result()).rejects.toMatchObject({
      cause: { message: expect.stringContaining('with another id') },
    });
    expect(fake.world.alive.size).toBe(0);
  });
});
