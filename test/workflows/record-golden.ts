/**
 * Records the golden histories of a release, one of each way an experiment, a comparison, the run queue and the reaper
 * can go, from a real Temporal server: `npm run test:golden -- --record`. replay.test.ts replays them on the present code.
 */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { projectRoot } from '../../src/config.ts';
import type { ReaperActivities } from '../../src/contracts/temporal/control-activities.ts';
import {
  controlTaskQueue,
  messageNames,
  orphanWorkflowId,
  runQueueId,
  workflowTypes,
} from '../../src/contracts/temporal/names.ts';
import { startTemporal, withControlWorker } from '../support/temporal.ts';
import { FakeWorld, spec } from './support/fake-world.ts';
import { addRelease, assertRecordable } from './support/golden.ts';
import { courses, staysIn } from './support/golden-courses.ts';
import { untilPhase } from './support/until-phase.ts';

const { values: options } = parseArgs({
  options: {
    record: { type: 'boolean', default: false },
    /** The release that they are recorded as; that in package.json by default. */
    as: { type: 'string' },
  },
});

const orphans: ReaperActivities = {
  findOrphans: async () => [
    { experimentId: 'orphan-1', runId: 'run-1', spec, items: [] },
    { experimentId: 'orphan-2', runId: 'run-2', spec: null, items: [] },
  ],
  isOrphan: async () => true,
  destroyOrphan: async () => ({ destroyed: true }),
  closeOrphan: async () => {},
  reportOrphans: async () => {},
};

/** Lets everything happen once. Returns the histories by name, as JSON. */
async function record(): Promise<Map<string, string>> {
  const environment = await startTemporal();
  const world = new FakeWorld(environment);
  const histories = new Map<string, string>();
  const keep = async (name: string, handle: WorkflowHandle) => {
    histories.set(name, portable(historyToJSON(await handle.fetchHistory())));
    console.log(`recorded ${name}`);
  };
  const { client } = environment;
  try {
    await withControlWorker(environment, { ...world.activities(), ...orphans }, async () => {
      await recordExperiments(client, world, keep);
      await recordComparisons(client, world, keep);
      const reaper = await start(client, workflowTypes.reaper, 'reaper-destroyed', { dryRun: false });
      await reaper.result();
      await keep('reaper-destroyed', reaper);
      await keep('orphan-destroyed', client.workflow.getHandle(orphanWorkflowId('orphan-1')));
      await keep('run-queue', client.workflow.getHandle(runQueueId('local')));
    });
  } finally {
    await world.end();
    await environment.teardown();
  }
  return histories;
}

type Keep = (name: string, handle: WorkflowHandle) => Promise<void>;

async function recordExperiments(client: Client, world: FakeWorld, keep: Keep): Promise<void> {
  for (const [name, course] of Object.entries(courses())) {
    world.hook = (step, count) => course.step?.(step, count);
    world.limitMessagesPerSecond = 1_500;
    world.limits = course.limits;
    const handle = await start(
      client,
      workflowTypes.experiment,
      name,
      course.input ?? { spec: course.spec ?? spec },
    );
    await course.act?.(handle);
    await handle.result().catch(() => {});
    await keep(name, handle);
  }
  world.hook = () => {};
}

async function recordComparisons(client: Client, world: FakeWorld, keep: Keep): Promise<void> {
  const { name: _name, technology, target, settings, ...shared } = spec;
  const variants = ['first', 'second'].map((name) => ({ name, technology, target, settings }));
  const input = { spec: { name: 'two', ...shared, variants } };
  const completed = await start(client, workflowTypes.comparison, 'comparison-completed', input);
  await completed.result();
  await keep('comparison-completed', completed);
  const cancelled = await start(client, workflowTypes.comparison, 'comparison-cancelled', input);
  world.hook = staysIn('produce');
  await untilPhase(client.workflow.getHandle('comparison-cancelled-01'), 'measuring');
  await cancelled.signal(messageNames.cancel);
  await cancelled.result();
  await keep('comparison-cancelled', cancelled);
}

async function start(client: Client, workflowType: string, workflowId: string, input: unknown) {
  return await client.workflow.start(workflowType, {
    workflowId,
    taskQueue: controlTaskQueue,
    args: [input],
  });
}

/** The history without what only this machine has: a replay does not look at it. */
function portable(history: string): string {
  const drop = (key: string, value: unknown) =>
    key === 'stackTrace' || key === 'identity' ? undefined : value;
  const text = JSON.stringify(JSON.parse(history, drop), null, 1);
  return `${text.replaceAll(`${process.pid}@${hostname()}`, 'recorder')}\n`;
}

try {
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  const release = options.as ?? version;
  assertRecordable(release);
  const histories = await record();
  addRelease(release, histories);
  console.log(`${histories.size} histories of release ${release} lie in test/golden/${release}`);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
process.exit();
