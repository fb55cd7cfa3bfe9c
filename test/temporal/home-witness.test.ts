import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { controlTaskQueue, workflowTypes } from '../../src/contracts/temporal/names.ts';
import { createHomeWitness, workerIdentity } from '../../src/temporal/home-witness.ts';
import { ourWorkflows, startTemporal } from '../support/temporal.ts';
import { until } from '../support/until.ts';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await startTemporal();
});
afterAll(async () => {
  await environment?.teardown();
});

test('the workers of a home are known by it, and open experiments are counted', async () => {
  const witness = createHomeWitness(environment.client as Client);
  expect(await witness.isPolling('one')).toBe(false);
  expect(await witness.openExperiments()).toBe(0);
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue: controlTaskQueue,
    identity: workerIdentity('one'),
    workflowBundle: await ourWorkflows(),
  });
  const ended = worker.run();
  await until('the worker asks for work', () => witness.isPolling('one'));
  expect(await witness.isPolling('on')).toBe(false);
  worker.shutdown();
  await ended;
  await environment.client.workflow.start(workflowTypes.experiment, {
    workflowId: 'open-1',
    taskQueue: 'nobody',
    args: [],
  });
  await until('it is counted', async () => (await witness.openExperiments()) === 1);
});
