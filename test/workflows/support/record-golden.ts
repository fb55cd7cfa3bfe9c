/**
 * Records the golden histories, one of each way an experiment, a comparison, the run queue and the reaper can go, from
 * a real Temporal server: `npm run test:faults -- --record-golden`. replay.test.ts replays them on the present code.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { projectRoot } from '../../../src/config.ts';
import type { ExperimentProgress, Phase } from '../../../src/contracts/documents/progress.ts';
import type { ExperimentSpec } from '../../../src/contracts/input/experiment.ts';
import { failureTypes, type ReaperActivities } from '../../../src/contracts/temporal/control-activities.ts';
import {
  controlTaskQueue,
  messageNames,
  runQueueId,
  workflowTypes,
} from '../../../src/contracts/temporal/names.ts';
import { startTemporal, withControlWorker } from '../../support/temporal.ts';
import {
  FakeWorld,
  gate,
  type Step,
  searchSpec,
  sessionLost,
  spec,
  spreadSpec,
  terraformFailed,
} from './fake-world.ts';

export const goldenFolder = join(projectRoot, 'test', 'golden');

/** How an experiment goes: what its steps do, and what is done to it from outside. */
interface Course {
  /** Where it is not the usual one. */
  spec?: ExperimentSpec;
  step?: (step: Step, count: number) => Promise<void> | void;
  act?: (handle: WorkflowHandle) => Promise<void>;
}

async function untilPhase(handle: WorkflowHandle, phase: Phase): Promise<void> {
  for (;;) {
    if ((await handle.query<ExperimentProgress>(messageNames.progress)).phase === phase) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Stays in a step until the experiment is cancelled. */
const staysIn = (held: Step) => (step: Step) => (step === held ? gate().opened : undefined);

function courses(): Record<string, Course> {
  let broken = true;
  let locked = true;
  return {
    'experiment-completed': {},
    'experiment-cancelled-provisioning': {
      step: staysIn('provision'),
      async act(handle) {
        await untilPhase(handle, 'provisioning');
        await handle.signal(messageNames.cancel, { reason: 'changed my mind' });
      },
    },
    'experiment-cancelled-measuring': {
      step: staysIn('produce'),
      async act(handle) {
        await untilPhase(handle, 'measuring');
        await handle.signal(messageNames.cancel);
        await handle.signal(messageNames.cancel);
      },
    },
    'experiment-cancelled-by-temporal': {
      step: staysIn('consume'),
      async act(handle) {
        await untilPhase(handle, 'draining');
        await handle.cancel();
      },
    },
    'experiment-failed': {
      step(step) {
        if (step === 'provision') throw terraformFailed('no broker came up');
      },
    },
    'experiment-restarted': {
      step(step, count) {
        if (step === 'consume' && count === 1) throw sessionLost();
      },
    },
    'experiment-searched': {
      spec: searchSpec,
      step(step, count) {
        if (step === 'produce' && count === 3) throw sessionLost();
      },
    },
    'experiment-spread': { spec: spreadSpec },
    'experiment-upload-failed-once': {
      step(step, count) {
        if (step === 'upload' && count === 1) throw ApplicationFailure.nonRetryable('S3 does not answer');
      },
    },
    'experiment-needs-operator': {
      step(step) {
        if (step === 'destroy' && broken) throw terraformFailed('the stream is in use');
      },
      async act(handle) {
        await untilPhase(handle, 'needs-operator');
        broken = false;
        await handle.executeUpdate(messageNames.retryDestroy);
      },
    },
    'experiment-lock-confirmed': {
      step(step) {
        if (step !== 'destroy' || !locked) return;
        throw ApplicationFailure.create({
          message: 'the state is locked',
          type: failureTypes.operatorNeeded,
          nonRetryable: true,
          details: [{ reason: 'the state is locked', actions: ['confirm'] }],
        });
      },
      async act(handle) {
        await untilPhase(handle, 'needs-operator');
        locked = false;
        await handle.executeUpdate(messageNames.retryDestroy, { args: [{ breakLock: 'lock-1' }] });
      },
    },
  };
}

/** The history without what only this machine has: a replay does not look at it. */
function portable(history: string): string {
  const drop = (key: string, value: unknown) =>
    key === 'stackTrace' || key === 'identity' ? undefined : value;
  const text = JSON.stringify(JSON.parse(history, drop), null, 1);
  return `${text.replaceAll(`${process.pid}@${hostname()}`, 'recorder')}\n`;
}

/** Records all of them anew; returns an exit code. */
export async function recordGolden(): Promise<number> {
  const environment = await startTemporal();
  const world = new FakeWorld(environment);
  const orphans: ReaperActivities = {
    findOrphans: async () => [
      { experimentId: 'orphan-1', runId: 'run-1', spec, items: [] },
      { experimentId: 'orphan-2', runId: 'run-2', spec: null, items: [] },
    ],
    isOrphan: async () => true,
    closeOrphan: async () => {},
  };
  const { client } = environment;
  const start = (workflowType: string, workflowId: string, input: unknown) =>
    client.workflow.start(workflowType, { workflowId, taskQueue: controlTaskQueue, args: [input] });
  mkdirSync(goldenFolder, { recursive: true });
  for (const file of readdirSync(goldenFolder)) rmSync(join(goldenFolder, file));
  const record = async (name: string, handle: WorkflowHandle) => {
    writeFileSync(join(goldenFolder, `${name}.json`), portable(historyToJSON(await handle.fetchHistory())));
    console.log(`recorded ${name}`);
  };
  try {
    await withControlWorker(environment, { ...world.activities(), ...orphans }, async () => {
      for (const [name, course] of Object.entries(courses())) {
        world.hook = (one, count) => course.step?.(one, count);
        world.limitMessagesPerSecond = 1_500;
        const handle = await start(workflowTypes.experiment, name, { spec: course.spec ?? spec });
        await course.act?.(handle);
        await handle.result().catch(() => {});
        await record(name, handle);
      }
      world.hook = () => {};
      const { name: _name, technology, target, settings, ...shared } = spec;
      const variants = ['first', 'second'].map((name) => ({ name, technology, target, settings }));
      const comparison = await start(workflowTypes.comparison, 'comparison-completed', {
        spec: { name: 'two', ...shared, variants },
      });
      await comparison.result();
      await record('comparison-completed', comparison);
      const cancelled = await start(workflowTypes.comparison, 'comparison-cancelled', {
        spec: { name: 'two', ...shared, variants },
      });
      world.hook = staysIn('produce');
      await untilChildMeasures(client.workflow.getHandle('comparison-cancelled-01'));
      await cancelled.signal(messageNames.cancel);
      await cancelled.result();
      await record('comparison-cancelled', cancelled);
      const reaper = await start(workflowTypes.reaper, 'reaper-destroyed', { dryRun: false });
      await reaper.result();
      await record('reaper-destroyed', reaper);
      await record('run-queue', client.workflow.getHandle(runQueueId('local')));
    });
  } finally {
    await world.end();
    await environment.teardown();
  }
  return 0;
}

async function untilChildMeasures(child: WorkflowHandle): Promise<void> {
  for (;;) {
    try {
      return await untilPhase(child, 'measuring');
    } catch {
      // It has not been started yet.
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}
