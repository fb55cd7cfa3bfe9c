import { randomUUID } from 'node:crypto';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';
import {
  controlTaskQueue,
  messageNames,
  runQueueId,
  workflowTypes,
} from '../../../src/contracts/temporal/names.ts';
import { signalProcess, waitUntilEnded } from '../../../src/machine/end.ts';
import type { ProcessName } from '../../../src/stack/processes/stack-process.ts';
import { findRemains, nothing, testStore } from '../../support/oracles.ts';
import { until } from '../../support/until.ts';
import { type ExperimentProcess, processesOf, terraformsOf } from '../world/processes.ts';
import { accessDenied, isS3, type Rule, streamAccessDenied, unavailable } from '../world/proxy.ts';
import type { FaultWorld } from '../world/world.ts';
import { deploys } from './deploys.ts';
import type { WorldFault } from './matrix.ts';
import { type Injection, kill, MissedError, type Strike, type Victim } from './strike.ts';

const awayMs = 30_000;

function killKinds(
  { world, id }: Victim,
  ...kinds: ExperimentProcess['kind'][]
): (() => Promise<void>) | undefined {
  const found = processesOf(world.home, id).filter(({ kind }) => kinds.includes(kind));
  if (kinds.some((kind) => !found.some((one) => one.kind === kind) && kind !== 'provider')) {
    throw new MissedError(`of ${kinds.join(', ')} not all live`);
  }
  kill(found.map(({ identity }) => identity));
  return undefined;
}

async function aimAtTerraform({ world, id }: Victim): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (terraformsOf(world.home, id).length === 0) {
    if (Date.now() > deadline) throw new MissedError('no terraform was started');
    await delay(10);
  }
}

async function aimAtGenerator({ world, id }: Victim): Promise<void> {
  if (!processesOf(world.home, id).some(({ kind }) => kind === 'generator')) {
    throw new MissedError('there is no load generator');
  }
}

/** Ends a part of the stack in its own way, and waits until the stack has it running again. */
async function hitPart(world: FaultWorld, name: ProcessName, signal: NodeJS.Signals) {
  const part = world.part(name);
  const restarted = world.untilRestarted(name, part);
  kill([part], signal);
  return () => restarted;
}

const killWorkerAnd =
  (...kinds: ExperimentProcess['kind'][]): Strike =>
  async (victim) => {
    const worker = victim.world.part('worker');
    const restarted = victim.world.untilRestarted('worker', worker);
    killKinds(victim, ...kinds);
    kill([worker]);
    return () => restarted;
  };

/** A rule on the proxy for a while. */
const ruleFor =
  (rule: Rule, ms: number): Strike =>
  async ({ world }) => {
    const lift = world.proxy.apply(rule);
    await delay(ms);
    lift();
    return undefined;
  };

function lockObject({ id }: Victim, created: Date) {
  return {
    ID: randomUUID(),
    Operation: 'OperationTypeApply',
    Info: '',
    Who: 'root@elsewhere',
    Version: '1.11.4',
    Created: created.toISOString(),
    Path: `comparator-results/${s3Keys.terraformState(id)}`,
  };
}

/** Waits until the experiment needs a person, and returns why. */
async function untilOperatorNeeded({ world, id }: Victim): Promise<{ reason: string; actions: string[] }> {
  const { phase, operator } = await until(
    `${id} to need a person`,
    async () => {
      const now = await world.progress(id);
      return (now.phase === 'closed' || (now.phase === 'needs-operator' && now.operator)) && now;
    },
    { timeoutMs: 300_000, everyMs: 100 },
  );
  if (phase === 'closed' || !operator) throw new Error('it closed without asking for a person');
  const { searchAttributes } = await world.client.workflow.getHandle(id).describe();
  if (searchAttributes?.ComparatorNeedsOperator?.[0] !== true) {
    throw new Error('the search attribute does not say that a person is needed');
  }
  return operator;
}

async function retryDestroy({ world, id }: Victim, body?: { breakLock: string }): Promise<void> {
  for (;;) {
    const answer = await world.call('POST', `/api/experiments/${id}/retry-destroy`, body ?? {});
    if (answer.status === 202) return;
    // It is just trying by itself, or has closed.
    if (answer.status !== 409) throw new Error(`retry-destroy answered ${answer.status}`);
    if ((await world.progress(id)).phase === 'closed') return;
    await delay(100);
  }
}

/** Fills what is left of the run folders' disk. */
function fillDisk(home: string): () => void {
  const file = join(home, 'experiments', '.filler');
  const descriptor = openSync(file, 'w');
  const block = Buffer.alloc(64 * 1024);
  try {
    for (;;) writeSync(descriptor, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(descriptor);
  }
  return () => rmSync(file, { force: true });
}

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

/** Starts the workflow under its id again, as the Web UI's "Start Workflow Like This One" does. */
async function startAgain({ world, id, document }: Victim): Promise<void> {
  await world.client.workflow.start(workflowTypes.experiment, {
    workflowId: id,
    taskQueue: controlTaskQueue,
    args: [{ spec: document }],
  });
}

/** Ends every process of an experiment; twice, since what was just starting one may have started it since. */
async function killExperiment({ world, id }: Victim): Promise<void> {
  for (let pass = 0; pass < 2; pass++) {
    for (const { identity } of processesOf(world.home, id)) signalProcess(identity, 'SIGKILL');
    await delay(50);
  }
}

export const injections: Record<WorldFault, Injection> = {
  'worker-killed': { strike: ({ world }) => hitPart(world, 'worker', 'SIGKILL') },
  'worker-terminated': { strike: ({ world }) => hitPart(world, 'worker', 'SIGTERM') },
  'worker-frozen': {
    async strike({ world }) {
      const worker = world.part('worker');
      kill([worker], 'SIGSTOP');
      const frozenAt = Date.now();
      return async () => {
        const second = await world.startWorker('this');
        // Beyond the heartbeat timeout of every activity.
        await delay(Math.max(0, frozenAt + 35_000 - Date.now()));
        kill([worker], 'SIGCONT');
        await delay(3_000);
        kill([second], 'SIGTERM');
        await waitUntilEnded(second, 30_000);
      };
    },
  },
  'terraform-killed': {
    aim: aimAtTerraform,
    strike: async (victim) => killKinds(victim, 'terraform'),
  },
  'supervisor-killed': {
    aim: aimAtTerraform,
    strike: async (victim) => killKinds(victim, 'supervisor'),
  },
  'supervisor-and-worker-killed': { aim: aimAtTerraform, strike: killWorkerAnd('supervisor') },
  'machinery-killed': {
    aim: aimAtTerraform,
    strike: killWorkerAnd('supervisor', 'terraform', 'provider'),
  },
  'host-lost': {
    async aim(victim) {
      if (victim.cell.phase !== 'measuring') await aimAtTerraform(victim);
    },
    async strike(victim) {
      const { world, id } = victim;
      kill(world.ownWorkers());
      await killExperiment(victim);
      rmSync(join(world.home, 'experiments', id), { recursive: true, force: true, maxRetries: 3 });
      return async () => {
        await world.startWorker('other');
        // Nothing on the new host can prove that the old one is dead: a person who knows it says so.
        for (;;) {
          const { phase, operator } = await world.progress(id);
          if (phase === 'closed') return;
          const lock = /breakLock "([^"]+)"/.exec(operator?.actions.join(' ') ?? '')?.[1];
          if (phase === 'needs-operator' && lock) return retryDestroy(victim, { breakLock: lock });
          await delay(200);
        }
      };
    },
  },
  'temporal-killed': { strike: ({ world }) => hitPart(world, 'temporal', 'SIGKILL') },
  'aws-frozen': {
    async strike({ world }) {
      const emulator = world.part('aws');
      kill([emulator], 'SIGSTOP');
      return async () => {
        await delay(awayMs);
        kill([emulator], 'SIGCONT');
      };
    },
  },
  'aws-restarted': {
    async strike({ world }) {
      const restarted = world.restartEmulator(awayMs);
      return () => restarted;
    },
  },
  's3-unavailable': { strike: ruleFor({ matches: isS3, answer: unavailable }, 20_000) },
  'stale-lock': {
    async strike(victim) {
      const created = new Date(Date.now() - 3 * 3_600_000);
      await testStore(victim.world.emulated()).putJson(
        s3Keys.terraformLock(victim.id),
        lockObject(victim, created),
      );
      return undefined;
    },
  },
  'live-lock': {
    async strike(victim) {
      const { world, id } = victim;
      const store = testStore(world.emulated());
      const lock = lockObject(victim, new Date());
      const unplant = world.sampler.plantLive(id, lock.ID);
      await store.putJson(s3Keys.terraformLock(id), lock);
      return async () => {
        const { reason } = await untilOperatorNeeded(victim);
        if (!reason.includes(lock.ID)) throw new Error(`the reason does not name the lock: ${reason}`);
        const there = (await store.getJson(s3Keys.terraformLock(id))) as { ID: string } | null;
        if (there?.ID !== lock.ID) throw new Error('the planted lock is gone');
        // Its holder ends, and takes its lock away.
        unplant();
        await store.delete([s3Keys.terraformLock(id)]);
        await retryDestroy(victim);
      };
    },
  },
  'destroy-failing': {
    async strike(victim) {
      const { world, cell, id } = victim;
      const rule: Rule =
        cell.technology === 'kinesis'
          ? { matches: ({ target }) => target.endsWith('.DeleteStream'), answer: streamAccessDenied }
          : {
              matches: ({ path, userAgent }) =>
                path.endsWith(s3Keys.terraformState(id)) && userAgent.includes('Terraform/'),
              answer: accessDenied,
            };
      const lift = world.proxy.apply(rule);
      return async () => {
        const { actions } = await untilOperatorNeeded(victim);
        if (actions.length === 0) throw new Error('nothing says what a person can do');
        if (world.proxy.hits(rule) === 0) throw new MissedError('terraform never asked');
        lift();
        await retryDestroy(victim);
      };
    },
  },
  'broker-killed': { strike: async (victim) => killKinds(victim, 'broker') },
  'generator-killed': { aim: aimAtGenerator, strike: async (victim) => killKinds(victim, 'generator') },
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
  'disk-full': {
    async strike({ world }) {
      const free = fillDisk(world.home);
      return async () => {
        await delay(10_000);
        free();
      };
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
  'stack-killed': {
    async strike(victim) {
      const { world, id } = victim;
      const parts = (['aws', 'temporal', 'api', 'worker'] as const).map((name) => {
        const identity = world.part(name);
        return { identity, restarted: world.untilRestarted(name, identity) };
      });
      const machinery = processesOf(world.home, id).filter(({ kind }) =>
        ['supervisor', 'terraform', 'provider'].includes(kind),
      );
      kill([...parts, ...machinery].map(({ identity }) => identity));
      return async () => {
        await Promise.all(parts.map(({ restarted }) => restarted));
      };
    },
  },
  'other-home': {
    async strike({ world }) {
      const words = await world.tryOtherHome();
      if (!words.includes('Another home works for this namespace and bucket'))
        throw new Error(`it was not refused by name: ${words.slice(-300)}`);
      return undefined;
    },
  },
  rebooted: {
    async aim(victim) {
      if (victim.cell.phase !== 'measuring') await aimAtTerraform(victim);
    },
    async strike(victim) {
      kill(victim.world.ownWorkers());
      await killExperiment(victim);
      return async () => {
        await victim.world.startWorker('rebooted');
      };
    },
  },
  'home-full': {
    async strike({ world }) {
      const free = fillDisk(world.home);
      return async () => {
        await delay(10_000);
        free();
      };
    },
  },
  ...deploys,
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
        await world.client.workflowService.unpauseActivity(which).catch(() => {});
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
};

/** The signal that ends a blocker of the queue. */
export async function cancelQuietly(world: FaultWorld, id: string): Promise<void> {
  await world.client.workflow
    .getHandle(id)
    .signal(messageNames.cancel)
    .catch(() => {});
}
