import { expect, test } from '@jest/globals';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import type { ComparisonProgress } from '../../../src/contracts/documents/progress.ts';
import { controlTaskQueue, messageNames, workflowTypes } from '../../../src/contracts/temporal/names.ts';
import type { ComparisonWorkflowResult } from '../../../src/contracts/temporal/workflows.ts';
import { withControlWorker } from '../../support/temporal.ts';
import { until } from '../../support/until.ts';
import { gate, spec, terraformFailed } from '../support/fake-world.ts';
import { fakeWorlds } from '../support/fake-worlds.ts';
import { resetToStart } from '../support/reset.ts';
import { untilPhase } from '../support/until-phase.ts';

const fake = fakeWorlds();
let ids = 0;

const inWorld = <T>(run: () => Promise<T>) =>
  withControlWorker(fake.environment, fake.world.activities(), run);

async function start(more: object = {}): Promise<WorkflowHandle> {
  ids += 1;
  const { name: _name, technology, target, settings, ...shared } = spec;
  const variants = ['first', 'second', 'third'].map((name) => ({ name, technology, target, settings }));
  return await fake.environment.client.workflow.start(workflowTypes.comparison, {
    workflowId: `comparison-${ids}`,
    taskQueue: controlTaskQueue,
    args: [{ spec: { name: 'three', ...shared, variants, ...more }, submittedBy: 'ann' }],
  });
}

/** Has every load go on until it is cancelled; the gate opens once one has begun. */
function endlessLoad() {
  const reached = gate();
  fake.world.hook = async (step) => {
    if (step !== 'produce') return;
    reached.open();
    await gate().opened;
  };
  return reached;
}

async function failureOf(handle: WorkflowHandle): Promise<unknown> {
  const error = await handle.result().then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(WorkflowFailedError);
  return (error as WorkflowFailedError).cause;
}

test('variants run one after another, each an experiment of its own', async () => {
  const order: string[] = [];
  fake.world.hook = (step, _count, id) => {
    if (step === 'provision') {
      expect(fake.world.alive).toEqual(new Set([id]));
      order.push(id);
    }
  };
  await inWorld(async () => {
    const handle = await start();
    const result = (await handle.result()) as ComparisonWorkflowResult;
    const children = [1, 2, 3].map((n) => `${handle.workflowId}-0${n}`);
    expect(order).toEqual(children);
    expect(result.outcome).toBe('completed');
    expect(result.experiments.map(({ experimentId }) => experimentId)).toEqual(children);
    expect(fake.world.comparisons.get(handle.workflowId)).toMatchObject({
      outcome: 'completed',
      submittedBy: 'ann',
      cancelRequestedBy: null,
    });
    expect(children.map((id) => fake.world.experiments.get(id)?.submittedBy)).toEqual(
      children.map(() => 'ann'),
    );
    expect(children.map((id) => fake.world.experiments.get(id)?.comparisonId)).toEqual(
      children.map(() => handle.workflowId),
    );
  });
});

test('a variant that fails does not keep the others from running', async () => {
  fake.world.hook = (step, _count, id) => {
    if (step === 'provision' && id.endsWith('-01')) throw terraformFailed('no broker came up');
  };
  await inWorld(async () => {
    const handle = await start();
    expect(((await failureOf(handle)) as Error).message).toBe('1 of 3 variants failed: first');
    const states = fake.world.comparisons.get(handle.workflowId)?.variants.map(({ state }) => state);
    expect(states).toEqual(['failed', 'completed', 'completed']);
    expect(fake.world.alive.size).toBe(0);
  });
});

test.each(['signal', 'temporal'] as const)(
  'a cancel by %s stops the running variant and starts no other',
  async (kind) => {
    const reached = gate();
    const held = gate();
    fake.world.hook = async (step, _count, id) => {
      if (step !== 'produce' || !id.endsWith('-02')) return;
      reached.open();
      await held.opened;
    };
    await inWorld(async () => {
      const handle = await start();
      await reached.opened;
      if (kind === 'signal') {
        await handle.signal(messageNames.cancel, { by: 'ci' });
        expect(((await handle.result()) as ComparisonWorkflowResult).outcome).toBe('cancelled');
        expect(fake.world.comparisons.get(handle.workflowId)).toMatchObject({ cancelRequestedBy: 'ci' });
      } else {
        await handle.cancel();
        expect(await failureOf(handle)).toBeInstanceOf(CancelledFailure);
      }
      const { variants } = await handle.query<ComparisonProgress>(messageNames.progress);
      expect(variants.map(({ state }) => state)).toEqual(['completed', 'cancelled', 'cancelled']);
      expect(fake.world.experiments.get(`${handle.workflowId}-02`)).toMatchObject({ outcome: 'cancelled' });
      expect(fake.world.experiments.has(`${handle.workflowId}-03`)).toBe(false);
      expect(fake.world.alive.size).toBe(0);
    });
  },
);

test('a terminated comparison leaves its running variant to compensate', async () => {
  const reached = endlessLoad();
  await inWorld(async () => {
    const handle = await start();
    await reached.opened;
    await handle.terminate('by a test');
    const child = fake.environment.client.workflow.getHandle(`${handle.workflowId}-01`);
    expect(await failureOf(child)).toBeInstanceOf(CancelledFailure);
    expect(fake.world.alive.size).toBe(0);
  });
});

test('a comparison that is reset and cancelled at once waits until what it had started is gone', async () => {
  const reached = endlessLoad();
  await inWorld(async () => {
    const { workflowId } = await start();
    await reached.opened;
    await resetToStart(fake.environment, workflowId);
    const again = fake.environment.client.workflow.getHandle(workflowId);
    await again.signal(messageNames.cancel);
    expect(((await again.result()) as ComparisonWorkflowResult).outcome).toBe('cancelled');
    expect(fake.world.alive.size).toBe(0);
    expect(fake.world.experiments.get(`${workflowId}-01`)).toMatchObject({ phase: 'closed' });
  });
});

/** The destroy of the first variant fails, though nothing of it runs any more, until it is mended. */
function breakFirst(): { mend: () => void } {
  let broken = true;
  fake.world.hook = (step, _count, id) => {
    if (step !== 'destroy' || !id.endsWith('-01') || !broken) return;
    fake.world.processes.delete(id);
    throw terraformFailed('the stream is in use');
  };
  return {
    mend() {
      broken = false;
    },
  };
}

test('a variant that waits for a person keeps no other from running, and is waited for at the end', async () => {
  const { mend } = breakFirst();
  await inWorld(async () => {
    const handle = await start();
    const statesOf = async () =>
      (await handle.query<ComparisonProgress>(messageNames.progress)).variants.map(({ state }) => state);
    await until(
      'the others to have run',
      async () => (await statesOf()).join() === 'needs-operator,completed,completed',
    );
    expect((await handle.describe()).status.name).toBe('RUNNING');
    mend();
    const first = fake.environment.client.workflow.getHandle(`${handle.workflowId}-01`);
    await first.executeUpdate(messageNames.retryDestroy);
    expect(((await handle.result()) as ComparisonWorkflowResult).outcome).toBe('completed');
    expect(await statesOf()).toEqual(['completed', 'completed', 'completed']);
    expect(fake.world.alive.size).toBe(0);
  });
});

test('one that an earlier run left waiting for a person is told, and keeps no other from running', async () => {
  const { mend } = breakFirst();
  await inWorld(async () => {
    const { workflowId } = await start();
    const first = fake.environment.client.workflow.getHandle(`${workflowId}-01`);
    await untilPhase(first, 'needs-operator');
    await resetToStart(fake.environment, workflowId);
    const again = fake.environment.client.workflow.getHandle(workflowId);
    expect(((await failureOf(again)) as Error).message).toBe('1 of 3 variants failed: first');
    expect(fake.world.comparisons.get(workflowId)?.variants.map(({ state }) => state)).toEqual([
      'needs-operator',
      'completed',
      'completed',
    ]);
    mend();
    await first.executeUpdate(messageNames.retryDestroy);
    await first.result().catch(() => {});
    expect(fake.world.alive.size).toBe(0);
  });
});

test('repetitions run block by block, each in an order of its own, and go on as new between two of them', async () => {
  const order: string[] = [];
  fake.world.hook = (step, _count, id) => {
    if (step === 'provision') order.push(id);
  };
  const activities = fake.world.activities();
  const short: typeof activities = {
    ...activities,
    acceptComparison: async (input) => ({
      ...(await activities.acceptComparison(input)),
      limits: { longHistoryEvents: 60 },
    }),
  };
  await withControlWorker(fake.environment, short, async () => {
    const handle = await start({ repetitions: 4, seed: 3 });
    const { firstExecutionRunId } = handle as unknown as { firstExecutionRunId: string };
    const result = (await handle.result()) as ComparisonWorkflowResult;
    const id = handle.workflowId;
    expect(result.outcome).toBe('completed');
    expect(result.experiments.map(({ experimentId }) => experimentId)).toEqual(order);
    const blocks = [0, 1, 2, 3].map((block) => order.slice(3 * block, 3 * block + 3));
    const ending = (block: number) => (block === 0 ? '' : `-0${block + 1}`);
    blocks.forEach((block, index) => {
      const all = [1, 2, 3].map((variant) => `${id}-0${variant}${ending(index)}`);
      expect(new Set(block)).toEqual(new Set(all));
    });
    const orders = blocks.map((block) => block.map((one) => one.slice(id.length, id.length + 3)).join());
    expect(new Set(orders).size).toBeGreaterThan(1);
    expect((await handle.describe()).runId).not.toBe(firstExecutionRunId);
    expect(fake.world.comparisons.get(id)).toMatchObject({ outcome: 'completed', variants: { length: 12 } });
    expect(fake.world.experiments.get(`${id}-02-03`)?.name).toBe('second #3');
    expect(fake.world.alive.size).toBe(0);
  });
});

test('what is recorded of each of many is what has changed', async () => {
  await inWorld(async () => {
    const handle = await start({ repetitions: 4, seed: 1 });
    await handle.result();
    const { events } = await handle.fetchHistory();
    const recorded = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) =>
      scheduled?.activityType?.name === 'recordVariants'
        ? [scheduled.input?.payloads?.[0]?.data?.length ?? 0]
        : [],
    );
    expect(recorded).toHaveLength(12);
    expect(Math.max(...recorded)).toBeLessThan(250);
    const { outcome, variants } = fake.world.comparisons.get(handle.workflowId) ?? {};
    expect(outcome).toBe('completed');
    expect(variants?.map(({ state }) => state)).toEqual(Array(12).fill('completed'));
  });
});

test('a repetition that fails is told, and the others run all the same', async () => {
  fake.world.hook = (step, _count, id) => {
    if (step === 'provision' && id.endsWith('-01-02')) throw terraformFailed('no broker came up');
  };
  await inWorld(async () => {
    const handle = await start({ repetitions: 2 });
    expect(((await failureOf(handle)) as Error).message).toBe('1 of 6 experiments failed: first');
    const variants = fake.world.comparisons.get(handle.workflowId)?.variants ?? [];
    const failed = variants.filter(({ state }) => state !== 'completed');
    expect(failed).toMatchObject([{ variant: 0, repetition: 2, state: 'failed' }]);
    expect(variants).toHaveLength(6);
  });
});
