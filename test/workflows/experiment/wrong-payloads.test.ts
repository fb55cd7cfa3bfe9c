import { expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import {
  controlTaskQueue,
  messageNames,
  runQueueId,
  workflowTypes,
} from '../../../src/contracts/temporal/names.ts';
import { withControlWorker } from '../../support/temporal.ts';
import { gate, spec } from '../support/fake-world.ts';
import { fakeWorlds } from '../support/fake-worlds.ts';
import { untilPhase } from '../support/until-phase.ts';

const fake = fakeWorlds();
const handleOf = (id: string): WorkflowHandle => fake.environment.client.workflow.getHandle(id);
const wrong: unknown[][] = [
  [],
  [null],
  ['text'],
  [7],
  [['a', 'list']],
  [{}],
  [{ position: null }],
  [{ experimentId: 7 }],
  [{ experimentId: '', runId: '', submittedAt: '' }],
  [{ experimentId: 'x'.repeat(5_000), runId: 'x', submittedAt: 'x' }],
];

/** As a person may send it from Temporal's Web UI, which offers every signal there is. */
async function sendAll(id: string, names: string[]): Promise<void> {
  for (const name of names) for (const args of wrong) await handleOf(id).signal(name, ...args);
}

test('signals with wrong payloads keep no experiment from its end', async () => {
  const id = 'wrong-payloads-1';
  const measured = gate();
  fake.world.hook = (step) => (step === 'produce' ? measured.opened : undefined);
  await withControlWorker(fake.environment, fake.world.activities(), async () => {
    await fake.environment.client.workflow.start(workflowTypes.experiment, {
      workflowId: id,
      taskQueue: controlTaskQueue,
      args: [{ spec }],
    });
    await untilPhase(handleOf(id), 'measuring');
    await sendAll(id, [messageNames.slot, 'no such signal']);
    measured.open();
    expect(await handleOf(id).result()).toMatchObject({ outcome: 'completed' });
  });
});

test('signals with wrong payloads take no slot, and keep no run queue from serving', async () => {
  const measured = gate();
  const ids = ['wrong-payloads-2', 'wrong-payloads-3'];
  fake.world.hook = (step) => (step === 'produce' ? measured.opened : undefined);
  await withControlWorker(fake.environment, fake.world.activities(), async () => {
    for (const workflowId of ids) {
      await fake.environment.client.workflow.start(workflowTypes.experiment, {
        workflowId,
        taskQueue: controlTaskQueue,
        args: [{ spec }],
      });
      await untilPhase(handleOf(workflowId), workflowId === ids[0] ? 'measuring' : 'queued');
    }
    await sendAll(runQueueId('local'), [messageNames.requestSlot, messageNames.releaseSlot]);
    measured.open();
    for (const id of ids) expect(await handleOf(id).result()).toMatchObject({ outcome: 'completed' });
    expect(await handleOf(runQueueId('local')).query(messageNames.queue)).toMatchObject({
      running: [],
      waiting: [],
    });
  });
});

test('signals with wrong payloads keep no comparison from its end', async () => {
  const id = 'wrong-payloads-4';
  const measured = gate();
  fake.world.hook = (step) => (step === 'produce' ? measured.opened : undefined);
  const { name, technology, target, settings, workload } = spec;
  const comparison = { name, workload, variants: [{ name: 'one', technology, target, settings }] };
  await withControlWorker(fake.environment, fake.world.activities(), async () => {
    await fake.environment.client.workflow.start(workflowTypes.comparison, {
      workflowId: id,
      taskQueue: controlTaskQueue,
      args: [{ spec: comparison }],
    });
    await sendAll(id, [messageNames.variantWaits]);
    measured.open();
    expect(await handleOf(id).result()).toMatchObject({ outcome: 'completed' });
  });
});
