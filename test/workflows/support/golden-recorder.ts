import { hostname } from 'node:os';
import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import type { ReaperActivities } from '../../../src/contracts/temporal/control-activities.ts';
import {
  controlTaskQueue,
  homeTaskQueue,
  messageNames,
  orphanWorkflowId,
  runQueueId,
  workflowTypes,
} from '../../../src/contracts/temporal/names.ts';
import { failureInterceptor } from '../../../src/temporal/failure-interceptor.ts';
import { startTemporal, withControlWorker } from '../../support/temporal.ts';
import { until } from '../../support/until.ts';
import { FakeWorld, gate, spec } from './fake-world.ts';
import { type Course, courses, staysIn } from './golden-courses.ts';
import { untilPhase } from './until-phase.ts';

const home = 'golden';
/** Of a workflow that goes on as new, that many runs are kept, the first ones. */
const mostRuns = 3;
const longQueueEvents = 200;

const orphans: ReaperActivities = {
  findOrphans: async () => [
    { experimentId: 'orphan-1', runId: 'run-1', spec, items: [], home },
    { experimentId: 'orphan-2', runId: 'run-2', spec: null, items: [] },
  ],
  isOrphan: async () => true,
  destroyOrphan: async () => ({ destroyed: true }),
  closeOrphan: async () => {},
  reportOrphans: async () => {},
  endExpired: async () => {},
};

/** What happens now. */
interface Scene {
  course: Course;
  /** How often it was asked whether what was provisioned stands. */
  looks: number;
  askAgainMs: number | null;
  longComparisonEvents: number | null;
}

/**
 * Lets everything happen once, on a Temporal server of its own. Returns the histories by name, as JSON; of what went on as
 * new, those of later runs end with their number.
 */
export async function recordHistories(say: (line: string) => void): Promise<Map<string, string>> {
  const environment = await startTemporal();
  const world = new FakeWorld(environment);
  world.home = home;
  world.longQueueEvents = longQueueEvents;
  const scene: Scene = { course: {}, looks: 0, askAgainMs: null, longComparisonEvents: null };
  const histories = new Map<string, string>();
  const { client } = environment;
  const keep: Keep = async (name, id) => {
    for (const [index, history] of (await historiesOf(client, id)).entries()) {
      histories.set(index === 0 ? name : `${name}-${index + 1}`, history);
    }
    say(`recorded ${name}`);
  };
  try {
    await withWorkers(environment, world, scene, async () => {
      await recordExperiments(client, world, scene, keep);
      await recordWaiter(client, world, scene, keep);
      await recordComparisons(client, world, scene, keep);
      await start(client, workflowTypes.reaper, 'reaper-destroyed', { dryRun: false });
      await client.workflow.getHandle('reaper-destroyed').result();
      await keep('reaper-destroyed', 'reaper-destroyed');
      await keep('orphan-destroyed', orphanWorkflowId('orphan-1'));
      await keep('run-queue', runQueueId('local'));
    });
  } finally {
    await world.end();
    await environment.teardown();
  }
  return histories;
}

type Keep = (name: string, workflowId: string) => Promise<void>;

/** A control worker and its home's. */
async function withWorkers(
  environment: TestWorkflowEnvironment,
  world: FakeWorld,
  scene: Scene,
  run: () => Promise<void>,
): Promise<void> {
  const { provision, ownsInfrastructure, destroy, inventory, ...control } = world.activities();
  const { destroyOrphan, ...reaping } = orphans;
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue: homeTaskQueue(home),
    interceptors: { activity: [failureInterceptor] },
    maxHeartbeatThrottleInterval: '200 milliseconds',
    activities: {
      provision,
      destroy,
      inventory,
      destroyOrphan,
      ownsInfrastructure: async (ref: Parameters<typeof ownsInfrastructure>[0]) => {
        scene.looks += 1;
        return (scene.course.owns?.(scene.looks) ?? true) && (await ownsInfrastructure(ref));
      },
    },
  });
  const activities: object = {
    ...control,
    ...reaping,
    acceptExperiment: async (input: Parameters<typeof control.acceptExperiment>[0]) => ({
      ...(await control.acceptExperiment(input)),
      home: scene.course.home ?? home,
    }),
    acceptComparison: async (input: Parameters<typeof control.acceptComparison>[0]) => ({
      ...(await control.acceptComparison(input)),
      ...(scene.longComparisonEvents ? { limits: { longHistoryEvents: scene.longComparisonEvents } } : {}),
    }),
    requestSlot: async (input: Parameters<typeof control.requestSlot>[0]) => {
      const { askAgainMs } = await control.requestSlot(input);
      return { askAgainMs: scene.askAgainMs ?? askAgainMs };
    },
  };
  await withControlWorker(environment, activities, () => worker.runUntil(run));
}

async function recordExperiments(client: Client, world: FakeWorld, scene: Scene, keep: Keep): Promise<void> {
  for (const [name, course] of Object.entries(courses())) {
    Object.assign(scene, { course, looks: 0 });
    world.hook = (step, count) => course.step?.(step, count);
    world.limitMessagesPerSecond = 1_500;
    world.limits = course.limits;
    course.before?.(world, name);
    const handle = await start(
      client,
      workflowTypes.experiment,
      name,
      course.input ?? { spec: course.spec ?? spec },
    );
    await course.act?.(handle);
    await handle.result().catch(() => {});
    await keep(name, name);
  }
  Object.assign(scene, { course: {} });
  world.hook = () => {};
  world.limits = undefined;
}

/** One that waits for its turn for so long that it goes on as new. */
async function recordWaiter(client: Client, world: FakeWorld, scene: Scene, keep: Keep): Promise<void> {
  const held = gate();
  world.hook = (step, _count, id) => (step === 'produce' && id === 'holder' ? held.opened : undefined);
  const holder = await start(client, workflowTypes.experiment, 'holder', { spec });
  await untilPhase(holder, 'measuring');
  scene.askAgainMs = 200;
  world.limits = { longHistoryEvents: 30 };
  const waiter = await start(client, workflowTypes.experiment, 'experiment-waiter-as-new', { spec });
  const { runId } = await waiter.describe();
  const latest = client.workflow.getHandle('experiment-waiter-as-new');
  await until('the waiter to go on as new', async () => (await latest.describe()).runId !== runId, {
    timeoutMs: 60_000,
    everyMs: 100,
  });
  world.limits = undefined;
  scene.askAgainMs = null;
  held.open();
  await holder.result();
  await latest.result();
  await keep('experiment-waiter-as-new', 'experiment-waiter-as-new');
  world.hook = () => {};
}

async function recordComparisons(client: Client, world: FakeWorld, scene: Scene, keep: Keep): Promise<void> {
  const { name: _name, technology, target, settings, ...shared } = spec;
  const variants = ['first', 'second'].map((name) => ({ name, technology, target, settings }));
  const inputOf = (more: object) => ({ spec: { name: 'two', ...shared, ...more, variants } });
  const completed = await start(client, workflowTypes.comparison, 'comparison-completed', inputOf({}));
  await completed.result();
  await keep('comparison-completed', 'comparison-completed');
  scene.longComparisonEvents = 40;
  await start(client, workflowTypes.comparison, 'comparison-repeated', inputOf({ repetitions: 3, seed: 3 }));
  await client.workflow.getHandle('comparison-repeated').result();
  scene.longComparisonEvents = null;
  await keep('comparison-repeated', 'comparison-repeated');
  const cancelled = await start(client, workflowTypes.comparison, 'comparison-cancelled', inputOf({}));
  world.hook = staysIn('produce');
  await untilPhase(client.workflow.getHandle('comparison-cancelled-01'), 'measuring');
  await cancelled.signal(messageNames.cancel);
  await cancelled.result();
  await keep('comparison-cancelled', 'comparison-cancelled');
  world.hook = () => {};
}

async function start(client: Client, workflowType: string, workflowId: string, input: unknown) {
  await client.workflow.start(workflowType, { workflowId, taskQueue: controlTaskQueue, args: [input] });
  return client.workflow.getHandle(workflowId);
}

/** Of the first runs of a workflow, the first first. */
async function historiesOf(client: Client, workflowId: string): Promise<string[]> {
  const histories: string[] = [];
  const latest = await client.workflow.getHandle(workflowId).fetchHistory();
  const begun = latest.events?.[0]?.workflowExecutionStartedEventAttributes;
  let runId: string | null | undefined = begun?.firstExecutionRunId;
  while (runId && histories.length < mostRuns) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    histories.push(portable(historyToJSON(history)));
    runId = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
  return histories;
}

/** The history without what only this machine has: a replay does not look at it. */
function portable(history: string): string {
  const drop = (key: string, value: unknown) =>
    key === 'stackTrace' || key === 'identity' ? undefined : value;
  const text = JSON.stringify(JSON.parse(history, drop), null, 1);
  return `${text.replaceAll(`${process.pid}@${hostname()}`, 'recorder')}\n`;
}
