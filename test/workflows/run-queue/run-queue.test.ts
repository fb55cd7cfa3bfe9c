import { expect, test } from '@jest/globals';
import { withControlWorker } from '../../support/temporal.ts';
import { until } from '../../support/until.ts';
import { fakeWorlds } from '../support/fake-worlds.ts';
import { queued } from '../support/queued.ts';

const fake = fakeWorlds();
const { hold, inWorld, queueHandle, queueState, start, untilWaiting, waitingIds } = queued(fake);

test('an experiment that waits for long goes on as new, and keeps its place', async () => {
  const activities = fake.world.activities();
  const impatient: typeof activities = {
    ...activities,
    acceptExperiment: async (input) => ({
      ...(await activities.acceptExperiment(input)),
      limits: { longHistoryEvents: 60 },
    }),
    async requestSlot(slot) {
      await activities.requestSlot(slot);
      return { askAgainMs: 50 };
    },
  };
  await withControlWorker(fake.environment, impatient, async () => {
    const { holder, letGo } = await hold('patient-holder');
    const waiter = await start('patient-1');
    await untilWaiting(1);
    await start('patient-2');
    await untilWaiting(2);
    const handle = fake.environment.client.workflow.getHandle('patient-1');
    await until(
      'the waiter to go on as new',
      async () => (await handle.describe()).runId !== waiter.firstExecutionRunId,
    );
    expect(await waitingIds()).toEqual(['patient-1', 'patient-2']);
    letGo();
    await holder.result();
    expect(await handle.result()).toMatchObject({ outcome: 'completed' });
    await fake.environment.client.workflow.getHandle('patient-2').result();
    expect(fake.world.steps.filter((step) => step === 'provision')).toHaveLength(3);
  });
});

test('a queue that was terminated together with its holder grants nothing beside what is alive', async () => {
  await inWorld(async () => {
    const { holder } = await hold('dead-holder');
    const waiter = await start('beside-1');
    await untilWaiting(1);
    await queueHandle().terminate('by a test');
    await holder.terminate('by a test');
    await start('beside-2');
    await untilWaiting(2);
    expect(await queueState()).toMatchObject({
      running: [{ experimentId: 'dead-holder' }],
      waiting: [{ experimentId: 'beside-1' }, { experimentId: 'beside-2' }],
    });
    expect(fake.world.alive).toEqual(new Set(['dead-holder']));
    // As by the reaper.
    fake.world.alive.delete('dead-holder');
    expect(await waiter.result()).toMatchObject({ outcome: 'completed' });
    await fake.environment.client.workflow.getHandle('beside-2').result();
  });
});

test('a holder that ends has the waiters of a terminated queue served', async () => {
  await inWorld(async () => {
    const { holder, letGo } = await hold('revived-holder');
    const waiter = await start('revived-1');
    await untilWaiting(1);
    await queueHandle().terminate('by a test');
    letGo();
    await holder.result();
    expect(await waiter.result()).toMatchObject({ outcome: 'completed' });
  });
});

test('waiters that were terminated hold nobody up', async () => {
  await inWorld(async () => {
    const { holder, letGo } = await hold('gone-holder');
    const gone = await Promise.all(['gone-1', 'gone-2', 'gone-3'].map((id) => start(id)));
    await untilWaiting(3);
    const waiter = await start('gone-4');
    await untilWaiting(4);
    for (const handle of gone) await handle.terminate('by a test');
    letGo();
    await holder.result();
    expect(await waiter.result()).toMatchObject({ outcome: 'completed' });
  });
});
