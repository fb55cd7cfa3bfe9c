import type { WorkflowHandle } from '@temporalio/client';
import type { ExperimentRecord } from '../../../src/contracts/documents/api.ts';
import type { ExperimentProgress, Phase } from '../../../src/contracts/documents/progress.ts';
import { messageNames } from '../../../src/contracts/temporal/names.ts';
import { until } from '../../support/until.ts';
import type { FakeWorld } from './fake-world.ts';

export async function progressOf(handle: WorkflowHandle): Promise<ExperimentProgress> {
  return await handle.query<ExperimentProgress>(messageNames.progress);
}

/** Waits until an experiment, whose workflow need not have been started yet, says that it is in a phase. */
export async function untilPhase(handle: WorkflowHandle, phase: Phase): Promise<ExperimentProgress> {
  return await until(
    `${handle.workflowId} to be ${phase}`,
    async () => {
      const progress = await progressOf(handle);
      if (progress.phase !== phase) throw new Error(`it is ${progress.phase}`);
      return progress;
    },
    { timeoutMs: 100_000, everyMs: 25 },
  );
}

/** Waits until an experiment's record says that it is in a phase: it is in it first, and that is written down then. */
export async function untilRecorded(world: FakeWorld, id: string, phase: Phase): Promise<ExperimentRecord> {
  return await until(`the record of ${id} to say ${phase}`, () => {
    const record = world.experiments.get(id);
    return record?.phase === phase && record;
  });
}
