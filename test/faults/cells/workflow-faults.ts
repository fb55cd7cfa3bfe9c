import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Client, isGrpcServiceError } from '@temporalio/client';
import type { RunQueueInput } from '../../../src/contracts/temporal/control-activities.ts';
import {
  controlTaskQueue,
  messageNames,
  runQueueId,
  workflowTypes,
} from '../../../src/contracts/temporal/names.ts';
import { findRemains, nothing } from '../../support/oracles.ts';
import { until } from '../../support/until.ts';
import type { FaultWorld } from '../world/world.ts';
import type { WorldFault } from './matrix.ts';
import { type Injection, MissedError, type Strike, type Victim } from './strike.ts';

/** Longer than a history begins, shorter than it is after one signal. */
const aWordLater = 5;
/** Of gRPC's codes. */
const grpcNotFound = 5;

/** Resets the workflow as the Web UI does, to the end of its first or last workflow task. */
const reset =
  (to: 'first' | 'last'): Strike =>
  async ({ world, id, runId }) => {
    const handle = world.client.workflow.getHandle(id, runId);
    const { events } = await handle.fetchHistory();
    const tasks = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
    const task = to === 'first' ? tasks[0] : tasks.at(-1);
    if (!task) throw new MissedError('no workflow task has been completed');
    await world.client.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: id, runId },
      reason: 'the fault suite',
      requestId: randomUUID(),
      workflowTaskFinishEventId: task.eventId,
    });
    return undefined;
  };

const cancelByApi: Strike = async ({ world, id }) => {
  const { status } = await world.call('POST', `/api/experiments/${id}/cancel`);
  if (status === 409) throw new MissedError('it was closed already');
  if (status !== 202) throw new Error(`cancel answered ${status}`);
  return undefined;
};

const cancelByTemporal: Strike = async ({ world, id }) => {
  await world.client.workflow.getHandle(id).cancel();
  return undefined;
};

/** Asks the reaper again and again until it has nothing left to do. */
async function reap({ world }: Victim): Promise<void> {
  const deadline = Date.now() + 180_000;
  for (;;) {
    const answer = await world.call('POST', '/api/reap');
    const text = await answer.text();
    const remains = await findRemains(world.home, world.emulated());
    if (JSON.stringify(remains) === JSON.stringify(nothing)) return;
    if (Date.now() > deadline) throw new Error(`the reaper left things: ${answer.status} ${text}`);
    await delay(1_000);
  }
}

/** Starts an experiment past the API, as the Web UI does. */
export async function startExperiment(client: Client, workflowId: string, spec: object): Promise<void> {
  await client.workflow.start(workflowTypes.experiment, {
    workflowId,
    taskQueue: controlTaskQueue,
    args: [{ spec }],
  });
}

/** Starts the workflow under its id again, as the Web UI's "Start Workflow Like This One" does. */
const startAgain = ({ world, id, document }: Victim) => startExperiment(world.client, id, document);

/** What people and the API do to workflows. */
export const workflowFaults = {
  'posts-at-once': {
    async strike({ world, id, document, cell }) {
      const answers = await Promise.all(
        Array.from({ length: 49 }, async () => {
          const answer = await world.call('POST', '/api/experiments', document, {
            'idempotency-key': `cell ${cell.seed}`,
          });
          return { status: answer.status, id: ((await answer.json()) as { id?: string }).id };
        }),
      );
      const others = answers.filter((answer) => answer.status !== 202 || answer.id !== id);
      if (others.length > 0) throw new Error(`not all answers were alike: ${JSON.stringify(others[0])}`);
      return undefined;
    },
  },
  'cancel-api': { strike: cancelByApi },
  'cancel-temporal': { strike: cancelByTemporal },
  'cancel-twice': {
    async strike(victim) {
      for (const cancel of [cancelByApi, cancelByTemporal, cancelByApi, cancelByTemporal]) {
        await cancel(victim);
      }
      return undefined;
    },
  },
  terminated: {
    async strike(victim) {
      await victim.world.client.workflow.getHandle(victim.id).terminate('the fault suite');
      return () => reap(victim);
    },
  },
  'reset-to-start': { strike: reset('first') },
  'reset-to-last': { strike: reset('last') },
  'reset-and-cancelled': {
    async strike(victim) {
      await reset('first')(victim);
      return cancelByApi(victim);
    },
  },
  'restarted-and-cancelled': {
    async strike(victim) {
      await victim.world.client.workflow.getHandle(victim.id, victim.runId).terminate('the fault suite');
      await startAgain(victim);
      return cancelByApi(victim);
    },
  },
  'reaped-and-reset': {
    async strike(victim) {
      const { world, id, runId } = victim;
      await world.client.workflow.getHandle(id, runId).terminate('the fault suite');
      const reaping = world.call('POST', '/api/reap');
      await until('the reaper to look', async () => {
        const query = `WorkflowType = '${workflowTypes.reaper}' AND ExecutionStatus = 'Running'`;
        for await (const { workflowId } of world.client.workflow.list({ query })) return workflowId;
        return null;
      });
      await reset('first')(victim);
      return async () => {
        const { status } = await reaping;
        if (status !== 200) throw new Error(`reap answered ${status}`);
      };
    },
  },
  'queue-terminated': {
    async strike({ world }) {
      await world.client.workflow.getHandle(runQueueId('local')).terminate('the fault suite');
      return undefined;
    },
  },
  'queue-goes-on-as-new': {
    async strike({ world }) {
      const since = new Date().toISOString();
      const input: RunQueueInput = { target: 'local', capacity: 1, longHistoryEvents: aWordLater };
      await world.client.workflow.start(workflowTypes.runQueue, {
        workflowId: runQueueId('local'),
        taskQueue: controlTaskQueue,
        args: [input],
        workflowIdConflictPolicy: 'TERMINATE_EXISTING',
      });
      return async () => {
        const query = `WorkflowId = '${runQueueId('local')}' AND ExecutionStatus = 'ContinuedAsNew' AND StartTime > '${since}'`;
        const goneOn = async () => {
          for await (const { runId } of world.client.workflow.list({ query })) return runId;
          return null;
        };
        await until('the run queue to go on as new', goneOn, { timeoutMs: 120_000 });
      };
    },
  },
  'started-again': {
    async strike(victim) {
      await startAgain(victim);
      return undefined;
    },
  },
  'activity-paused': {
    async strike({ world, id, runId }) {
      const { raw } = await world.client.workflow.getHandle(id, runId).describe();
      const activity = raw.pendingActivities?.[0];
      if (!activity?.activityId) throw new MissedError('no activity is pending');
      const which = {
        namespace: 'default',
        execution: { workflowId: id, runId },
        identity: 'the fault suite',
        id: activity.activityId,
      };
      await world.client.workflowService.pauseActivity({ ...which, reason: 'the fault suite' });
      return async () => {
        await delay(5_000);
        // It may have ended in the meantime.
        await world.client.workflowService.unpauseActivity(which).catch((error: unknown) => {
          if (!isGrpcServiceError(error) || error.code !== grpcNotFound) throw error;
        });
      };
    },
  },
  'comparison-terminated': {
    async strike({ world, comparisonId }) {
      if (!comparisonId) throw new Error('this cell needs a comparison');
      await world.client.workflow.getHandle(comparisonId).terminate('the fault suite');
      return undefined;
    },
  },
} satisfies { [fault in WorldFault]?: Injection };

/** The signal that ends a blocker of the queue. */
export async function cancelQuietly(world: FaultWorld, id: string): Promise<void> {
  await world.client.workflow
    .getHandle(id)
    .signal(messageNames.cancel)
    .catch(() => {});
}
