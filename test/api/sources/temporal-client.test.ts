import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Connection } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { TemporalClient } from '../../../src/api/sources/temporal-client.ts';
import { type TemporalGateway, TemporalUnavailable } from '../../../src/api/sources/temporal-gateway.ts';
import { experimentProgressSchema, queueSchema } from '../../../src/contracts/documents/progress.ts';
import { startTemporal, withControlWorker } from '../../support/temporal.ts';
import { until } from '../../support/until.ts';
import { FakeWorld, gate, spec, terraformFailed } from '../../workflows/support/fake-world.ts';

let environment: TestWorkflowEnvironment;
let connection: Connection;
let gateway: TemporalGateway;

beforeAll(async () => {
  environment = await startTemporal();
  connection = await Connection.connect({ address: environment.address });
  gateway = new TemporalClient(connection, 'default');
});
afterAll(async () => {
  await connection?.close();
  await environment?.teardown();
});

const request = (id: string) => ({
  kind: 'experiment' as const,
  id,
  name: 'a test',
  input: { spec, comparisonId: null },
  attributes: { technology: 'kafka', target: 'local' },
});

test('what no worker has seen yet is known by what it was started with', async () => {
  expect(await gateway.start(request('unseen'))).toBe('started');
  expect(await gateway.start(request('unseen'))).toBe('exists');
  expect(await gateway.describe('unseen')).toMatchObject({
    id: 'unseen',
    type: 'experiment',
    status: 'running',
    technology: 'kafka',
    target: 'local',
    phase: 'queued',
    outcome: null,
    name: 'a test',
    parentId: null,
    live: null,
    pending: { activities: [], task: { attempt: 1 } },
  });
  const described = await environment.client.workflow.getHandle('unseen').describe();
  expect(await described.staticSummary()).toContain('a test');
  expect(await described.staticDetails()).toContain('messages/s');
  const open = await until('the workflow to be listed', async () => {
    const listed = await gateway.listOpen('experiment');
    return listed.length > 0 ? listed : null;
  });
  expect(open.map(({ id }) => id)).toEqual(['unseen']);
  const view = open[0];
  if (view) expect(await gateway.input(view)).toEqual({ spec, comparisonId: null });
  expect(await gateway.listOpen('comparison')).toEqual([]);
  const [longAgo, later] = [new Date(0), new Date(Date.now() + 3_600_000)];
  expect(await gateway.listChanged('experiment', longAgo)).toMatchObject([
    { id: 'unseen', status: 'running' },
  ]);
  // In the queue, and started before.
  expect(await gateway.listChanged('experiment', later)).toEqual([]);
  expect(await gateway.progress('unseen')).toBeNull();
  await environment.client.workflow.getHandle('unseen').terminate();
  await until('its end to be listed', async () => {
    const changed = await gateway.listChanged('experiment', longAgo);
    return changed.some(({ id, status }) => id === 'unseen' && status === 'terminated');
  });
  expect(await gateway.start(request('unseen'))).toBe('exists');
});

test('what Temporal does not know is null, false or refused', async () => {
  expect(await gateway.describe('unknown')).toBeNull();
  expect(await gateway.progress('unknown')).toBeNull();
  expect(await gateway.queue('local')).toBeNull();
  expect(await gateway.cancel('unknown', null, null)).toBe(false);
  expect(await gateway.retryDestroy('unknown', null)).toEqual({ accepted: false, reason: 'it is closed' });
  await gateway.check();
});

test('a workflow is asked, cancelled and told to retry its destroy', async () => {
  const world = new FakeWorld(environment);
  const measuring = gate();
  let destroyFails = true;
  world.hook = async (step) => {
    if (step === 'produce') {
      measuring.open();
      await new Promise(() => {});
    }
    if (step === 'destroy' && destroyFails) throw terraformFailed('a lock is in the way');
  };
  await withControlWorker(environment, world.activities(), async () => {
    await gateway.start(request('asked'));
    await measuring.opened;
    expect(experimentProgressSchema.parse(await gateway.progress('asked')).phase).toBe('measuring');
    const described = await until('the phase to be measuring', async () => {
      const seen = await gateway.describe('asked');
      return seen?.phase === 'measuring' ? seen : null;
    });
    expect(described).toMatchObject({ status: 'running' });
    const queue = queueSchema.parse(await gateway.queue('local'));
    expect(queue.running.map(({ experimentId }) => experimentId)).toEqual(['asked']);
    expect(await gateway.retryDestroy('asked', null)).toMatchObject({
      accepted: false,
      reason: expect.stringContaining('measuring'),
    });

    expect(await gateway.cancel('asked', 'enough', 'ci')).toBe(true);
    await until('a retry of the destroy to be accepted', async () => {
      const { accepted } = await gateway.retryDestroy('asked', null);
      if (accepted) destroyFails = false;
      return accepted;
    });
    const closed = await until('the workflow to end', async () => {
      await gateway.retryDestroy('asked', 'a1b2');
      const seen = await gateway.describe('asked');
      return seen?.status !== 'running' ? seen : null;
    });
    expect(closed).toMatchObject({ status: 'completed', phase: 'closed', outcome: 'cancelled' });
    expect(await gateway.cancel('asked', null, null)).toBe(false);
    await world.end();
  });
});

test('an activity that is tried again shows its failure, and since when', async () => {
  const world = new FakeWorld(environment);
  world.hook = (step) => {
    if (step === 'provision') throw new Error('the folder cannot be written');
  };
  await withControlWorker(environment, world.activities(), async () => {
    const before = Date.now();
    await gateway.start(request('retrying'));
    const activity = await until('a third try', async () => {
      const [first] = (await gateway.describe('retrying'))?.pending.activities ?? [];
      return first && first.attempt > 2 ? first : null;
    });
    expect(activity).toMatchObject({ type: 'provision', lastFailure: 'the folder cannot be written' });
    // The first try's time, not that of the present one.
    expect(activity.since?.getTime()).toBeLessThan(before + 5_000);
    await environment.client.workflow.getHandle('retrying').terminate();
    await world.end();
  });
});

test('an activity that waits for a home whose worker is gone says for which', async () => {
  const world = new FakeWorld(environment);
  world.home = 'a1b2';
  await withControlWorker(environment, world.activities(), async () => {
    await gateway.start(request('homeless'));
    const activity = await until('it to be provisioned', async () => {
      return (await gateway.describe('homeless'))?.pending.activities.find(
        ({ type }) => type === 'provision',
      );
    });
    expect(activity).toMatchObject({ state: 'scheduled', attempt: 1, home: 'a1b2' });
    await environment.client.workflow.getHandle('homeless').terminate();
    await world.end();
  });
});

test('a workflow whose code fails shows it, and is among the suspects', async () => {
  const queue = 'broken-code';
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue: queue,
    workflowsPath: fileURLToPath(new URL('./support/broken-workflow.ts', import.meta.url)),
  });
  await worker.runUntil(async () => {
    await environment.client.workflow.start('experiment', { workflowId: 'broken', taskQueue: queue });
    const pending = await until('its code to fail twice', async () => {
      const seen = await gateway.describe('broken');
      return (seen?.pending.task?.attempt ?? 0) > 1 ? seen?.pending : null;
    });
    expect(pending?.task).toMatchObject({
      lastFailure: { message: expect.stringContaining('a deploy went wrong'), otherCode: false },
    });
    const suspects = await until('it to be listed', async () => {
      const listed = await gateway.listSuspects(5);
      return listed.some(({ id }) => id === 'broken') ? listed : null;
    });
    expect(suspects.length).toBeLessThanOrEqual(5);
    await environment.client.workflow.getHandle('broken').terminate();
  });
});

test('a closed workflow may be forgotten, an open one may not', async () => {
  await gateway.start(request('forgotten'));
  const handle = environment.client.workflow.getHandle('forgotten');
  expect(await gateway.forget('forgotten')).toBe(false);
  await handle.terminate();
  await environment.client.workflow.start('experiment', {
    workflowId: 'forgotten',
    taskQueue: 'nobody',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  });
  await handle.terminate();
  expect(await gateway.forget('forgotten')).toBe(true);
  // Temporal deletes in its own time; to be asked again does no harm.
  expect(await gateway.forget('forgotten')).toBe(true);
  expect(await gateway.forget('never-there')).toBe(true);
});

test('a server that is not there is unavailable, and a query then has no answer', async () => {
  const lazy = Connection.lazy({ address: '127.0.0.1:1' });
  const away = new TemporalClient(lazy, 'default');
  await expect(away.check()).rejects.toThrow(TemporalUnavailable);
  expect(await away.progress('any')).toBeNull();
  await lazy.close();
});
