import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { createMeasuredNow } from '../../../activities/control/measured-now.ts';
import { controlTaskQueue, workflowTypes } from '../../../src/contracts/temporal/names.ts';
import { startTemporal, withControlWorker } from '../../support/temporal.ts';
import { FakeWorld, gate, spec } from '../../workflows/support/fake-world.ts';
import { untilPhase } from '../../workflows/support/until-phase.ts';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await startTemporal();
});
afterAll(async () => {
  await environment?.teardown();
});

test('who is measured is seen by all others, as long as it is', async () => {
  const world = new FakeWorld(environment);
  const measuredNow = createMeasuredNow(environment.client as Client);
  const measuring = gate();
  const uploading = gate();
  const closing = gate();
  world.hook = async (step) => {
    if (step === 'produce') await measuring.opened;
    if (step !== 'upload') return;
    uploading.open();
    await closing.opened;
  };
  await withControlWorker(environment, world.activities(), async () => {
    expect(await measuredNow('local', 'other-1')).toBeNull();
    const handle = await environment.client.workflow.start(workflowTypes.experiment, {
      workflowId: 'measured-1',
      taskQueue: controlTaskQueue,
      args: [{ spec }],
    });
    await untilPhase(handle, 'measuring');
    expect(await measuredNow('local', 'other-1')).toBe('measured-1');
    expect(await measuredNow('local', 'measured-1')).toBeNull();
    measuring.open();
    await uploading.opened;
    expect(await measuredNow('local', 'other-1')).toBeNull();
    closing.open();
    await handle.result();
  });
  await world.end();
});
