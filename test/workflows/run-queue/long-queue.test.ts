import { expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { messageNames } from '../../../src/contracts/temporal/names.ts';
import { fakeWorlds } from '../support/fake-worlds.ts';
import { queued } from '../support/queued.ts';

const fake = fakeWorlds();
const { hold, inWorld, queueHandle, start, untilWaiting } = queued(fake);

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
