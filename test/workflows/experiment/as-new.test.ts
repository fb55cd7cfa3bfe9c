import { expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import { type ExperimentLimits, failureTypes } from '../../../src/contracts/temporal/control-activities.ts';
import { controlTaskQueue, messageNames, workflowTypes } from '../../../src/contracts/temporal/names.ts';
import type { ExperimentWorkflowResult } from '../../../src/contracts/temporal/workflows.ts';
import { withControlWorker } from '../../support/temporal.ts';
import { until } from '../../support/until.ts';
import { gate, spec } from '../support/fake-world.ts';
import { fakeWorlds } from '../support/fake-worlds.ts';
import { progressOf, untilPhase } from '../support/until-phase.ts';

const fake = fakeWorlds();

/** Experiments of this world go on as new after a few events. */
function inWorld<T>(limits: Partial<ExperimentLimits>, run: () => Promise<T>): Promise<T> {
  const activities = fake.world.activities();
  const shortLived: typeof activities = {
    ...activities,
    acceptExperiment: async (input) => ({ ...(await activities.acceptExperiment(input)), limits }),
  };
  return withControlWorker(fake.environment, shortLived, run);
}

async function start(workflowId: string): Promise<WorkflowHandle> {
  await fake.environment.client.workflow.start(workflowTypes.experiment, {
    workflowId,
    taskQueue: controlTaskQueue,
    args: [{ spec }],
    memo: { name: 'as it was named' },
  });
  return fake.environment.client.workflow.getHandle(workflowId);
}

const runIdOf = async (handle: WorkflowHandle) => (await handle.describe()).runId;

/** Waits until a destroy that is held up has made the workflow go on as new. */
async function untilAsNew(handle: WorkflowHandle, runId: string): Promise<void> {
  await until(
    `${handle.workflowId} to go on as new`,
    async () => {
      if (!(await progressOf(handle)).operator) return false;
      await handle.executeUpdate(messageNames.retryDestroy).catch(() => {});
      return (await runIdOf(handle)) !== runId;
    },
    { timeoutMs: 60_000, everyMs: 50 },
  );
}

test.each(['signal', 'temporal'] as const)(
  'a destroy that lasts, after a cancel by %s, keeps result, outcome and name',
  async (kind) => {
    let broken = true;
    fake.world.hook = (step) => {
      if (step === 'produce') return gate().opened;
      if (step !== 'destroy' || !broken) return;
      throw ApplicationFailure.create({
        message: 'locked',
        type: failureTypes.operatorNeeded,
        nonRetryable: true,
        details: [{ reason: 'locked', actions: ['confirm'] }],
      });
    };
    await inWorld({ longHistoryEvents: 90 }, async () => {
      const handle = await start(`as-new-${kind}`);
      await untilPhase(handle, 'measuring');
      const first = await runIdOf(handle);
      if (kind === 'signal') await handle.signal(messageNames.cancel);
      else await handle.cancel();
      await untilPhase(handle, 'needs-operator');
      await untilAsNew(handle, first);
      await untilPhase(handle, 'needs-operator');
      const { resultKey, operator } = await progressOf(handle);
      expect(resultKey).toBe(`result of ${first}`);
      expect(operator?.attempts).toBeGreaterThan(1);
      broken = false;
      await handle.executeUpdate(messageNames.retryDestroy);
      const result = await handle.result().catch(() => null);
      if (kind === 'signal') {
        expect((result as ExperimentWorkflowResult).outcome).toBe('cancelled');
        expect((result as ExperimentWorkflowResult).resultKey).toBe(`result of ${first}`);
      }
      const { status, memo } = await handle.describe();
      expect(status.name).toBe(kind === 'signal' ? 'COMPLETED' : 'CANCELLED');
      expect(memo).toMatchObject({ name: 'as it was named' });
      expect(fake.world.experiments.get(handle.workflowId)).toMatchObject({
        phase: 'closed',
        outcome: 'cancelled',
        resultKey: `result of ${first}`,
      });
      expect(fake.world.results).toHaveLength(1);
      expect(fake.world.alive.size).toBe(0);
    });
  },
);

test('a lock that a person has confirmed to be dead is broken by whichever run comes next', async () => {
  const confirmed = 'lock-1';
  fake.world.hook = (step) => {
    if (step !== 'destroy' || fake.world.destroyInputs.at(-1)?.breakLock === confirmed) return;
    throw ApplicationFailure.create({
      message: 'locked',
      type: failureTypes.operatorNeeded,
      nonRetryable: true,
      details: [{ reason: 'locked', actions: ['confirm'] }],
    });
  };
  // So few that every try is followed by a run of its own.
  await inWorld({ longHistoryEvents: 10 }, async () => {
    const handle = await start('as-new-lock');
    await untilPhase(handle, 'needs-operator');
    const before = await runIdOf(handle);
    await handle.executeUpdate(messageNames.retryDestroy, { args: [{ breakLock: confirmed }] });
    expect(((await handle.result()) as ExperimentWorkflowResult).outcome).toBe('completed');
    expect(await runIdOf(handle)).not.toBe(before);
    expect(fake.world.destroyInputs.at(-1)).toMatchObject({ breakLock: confirmed });
  });
});
