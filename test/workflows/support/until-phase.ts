import type { WorkflowHandle } from '@temporalio/client';
import type { ExperimentProgress, Phase } from '../../../src/contracts/documents/progress.ts';
import { messageNames } from '../../../src/contracts/temporal/names.ts';
import { until } from '../../support/until.ts';

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
