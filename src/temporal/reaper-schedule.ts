import {
  type Client,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type ScheduleSpec,
} from '@temporalio/client';
import { controlTaskQueue, reaperScheduleId, workflowTypes } from '../contracts/temporal/names.ts';
import { StartError } from './start-error.ts';

const interval = '2 minutes';

/** The installation to which a namespace belongs, as the reaper's schedule says; null where none has come yet. */
export async function scheduledInstallation(client: Client): Promise<string | null> {
  try {
    const { memo } = await client.schedule.getHandle(reaperScheduleId).describe();
    return typeof memo?.installation === 'string' ? memo.installation : null;
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
}

/**
 * Has the reaper run every few minutes, as this version wants it; a schedule that somebody has paused stays so. It also says
 * whose namespace this is.
 * @throws StartError when it is another installation's: its workflows would be ours to destroy
 */
export async function scheduleReaper(client: Client, installation: string): Promise<void> {
  const spec: ScheduleSpec = { intervals: [{ every: interval }] };
  const policies = { overlap: ScheduleOverlapPolicy.SKIP };
  const action = {
    type: 'startWorkflow' as const,
    workflowType: workflowTypes.reaper,
    workflowId: 'reaper',
    taskQueue: controlTaskQueue,
    args: [{ dryRun: false }],
  };
  try {
    await client.schedule.create({
      scheduleId: reaperScheduleId,
      spec,
      policies,
      action,
      memo: { installation },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const owner = await scheduledInstallation(client);
    if (owner !== installation) {
      throw new StartError(
        `Temporal's namespace belongs to installation ${owner}, and the results bucket to ${installation}.\n` +
          'Use the bucket of that installation (COMPARATOR_RESULTS_BUCKET), or another namespace (TEMPORAL_NAMESPACE).',
      );
    }
    await client.schedule
      .getHandle(reaperScheduleId)
      .update(({ state }) => ({ spec, policies, action, state }));
  }
}
