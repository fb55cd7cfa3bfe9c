import { expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import type { QueueState } from '../../../src/contracts/documents/progress.ts';
import {
  controlTaskQueue,
  messageNames,
  runQueueId,
  workflowTypes,
} from '../../../src/contracts/temporal/names.ts';
import { withControlWorker } from '../../support/temporal.ts';
import { until } from '../../support/until.ts';
import { gate, spec } from '../support/fake-world.ts';
import { fakeWorlds } from '../support/fake-worlds.ts';
import { untilPhase } from '../support/until-phase.ts';

const fake = fakeWorlds();

const inWorld = <T>(run: () => Promise<T>) =>
  withControlWorker(fake.environment, fake.world.activities(), run);
const queueHandle = () => fake.environment.client.workflow.getHandle(runQueueId('local'));
const queueState = () => queueHandle().query<QueueState>(messageNames.queue);
const waitingIds = async () => (await queueState()).waiting.map(({ experimentId }) => experimentId);

async function start(workflowId: string) {
  return await fake.environment.client.workflow.start(workflowTypes.experiment, {
    workflowId,
    taskQueue: controlTaskQueue,
    args: [{ spec }],
  });
}

async function untilWaiting(count: number): Promise<string[]> {
  return await until(
    `${count} to wait`,
    async () => {
      const ids = await waitingIds();
      if (ids.length !== count) throw new Error(`${ids.length} wait`);
      return ids;
    },
    { timeoutMs: 100_000, everyMs: 100 },
  );
}

/** Has a holder measure for as long as it is wanted. */
async function hold(id: string): Promise<{ holder: WorkflowHandle; letGo: () => void }> {
  const measuring = gate();
  fake.world.hook = (step, _count, of) => (step === 'produce' && of === id ? measuring.opened : undefined);
  const holder = await start(id);
  await untilPhase(holder, 'measuring');
  return { holder, letGo: measuring.open };
}

async function cancelAll(ids: string[]): Promise<void> {
  const handles = ids.map((id) => fake.environment.client.workflow.getHandle(id));
  for (const handle of handles) await handle.signal(messageNames.cancel);
  await Promise.all(handles.map((handle) => handle.result()));
}

const signalsIn = async (handle: WorkflowHandle) =>
  ((await handle.fetchHistory()).events ?? []).filter(
    (event) => event.workflowExecutionSignaledEventAttributes,
  ).length;

test('hundreds wait without a word, over several runs of the queue, and the first in line comes next', async () => {
  fake.world.longQueueEvents = 150;
  await inWorld(async () => {
    const { holder, letGo } = await hold('many-holder');
    const ids = Array.from({ length: 200 }, (_, index) => `many-${String(index).padStart(3, '0')}`);
    const firstRun = (await queueHandle().describe()).runId;
    for (const id of ids) await start(id);
    // By the millisecond of their submission, in which there may be two.
    const waiting = await untilWaiting(200);
    expect([...waiting].sort()).toEqual(ids);
    const description = await queueHandle().describe();
    expect(description.runId).not.toBe(firstRun);
    // What is not full yet, and what came in while it went on as new.
    expect(description.historyLength).toBeLessThan(500);
    expect(await signalsIn(fake.environment.client.workflow.getHandle(waiting[199] as string))).toBe(0);
    const [next, ...others] = waiting as [string, ...string[]];
    await cancelAll(others);
    const { runId } = await queueHandle().describe();
    letGo();
    await holder.result();
    await fake.environment.client.workflow.getHandle(next).result();
    // Going on as new is not what makes it go on as new.
    expect((await queueHandle().describe()).historyLength).toBeLessThan(500);
    expect(runId).toBeTruthy();
  });
});

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
