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
import { gate, spec } from './fake-world.ts';
import type { Fake } from './fake-worlds.ts';
import { untilPhase } from './until-phase.ts';

/** What tests of the run queue do with it, in a file's fake worlds. */
export function queued(fake: Fake) {
  const queueHandle = () => fake.environment.client.workflow.getHandle(runQueueId('local'));
  const queueState = () => queueHandle().query<QueueState>(messageNames.queue);
  const waitingIds = async () => (await queueState()).waiting.map(({ experimentId }) => experimentId);
  const start = async (workflowId: string) =>
    await fake.environment.client.workflow.start(workflowTypes.experiment, {
      workflowId,
      taskQueue: controlTaskQueue,
      args: [{ spec }],
    });
  return {
    queueHandle,
    queueState,
    waitingIds,
    start,
    inWorld: <T>(run: () => Promise<T>) => withControlWorker(fake.environment, fake.world.activities(), run),
    async untilWaiting(count: number): Promise<string[]> {
      return await until(
        `${count} to wait`,
        async () => {
          const ids = await waitingIds();
          if (ids.length !== count) throw new Error(`${ids.length} wait`);
          return ids;
        },
        { timeoutMs: 100_000, everyMs: 100 },
      );
    },
    /** Has a holder measure for as long as it is wanted. */
    async hold(id: string): Promise<{ holder: WorkflowHandle; letGo: () => void }> {
      const measuring = gate();
      fake.world.hook = (step, _count, of) =>
        step === 'produce' && of === id ? measuring.opened : undefined;
      const holder = await start(id);
      await untilPhase(holder, 'measuring');
      return { holder, letGo: measuring.open };
    },
  };
}
