import { beforeEach, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { createReaperActivities } from '../../../activities/control/reaper.ts';
import type { ExperimentRecord } from '../../../src/contracts/documents/api.ts';
import { orphansSchema } from '../../../src/contracts/documents/orphans.ts';
import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';
import { failureTypes } from '../../../src/contracts/temporal/control-activities.ts';
import type { ReaperReport } from '../../../src/contracts/temporal/infrastructure-activities.ts';
import { controlTaskQueue, homeTaskQueue, workflowTypes } from '../../../src/contracts/temporal/names.ts';
import { memoryStore } from '../../support/memory-store.ts';
import { withControlWorker } from '../../support/temporal.ts';
import { until } from '../../support/until.ts';
import { gate, spec, terraformFailed } from '../support/fake-world.ts';
import { fakeWorlds } from '../support/fake-worlds.ts';
import { progressOf, untilPhase } from '../support/until-phase.ts';

const fake = fakeWorlds();
let store: ReturnType<typeof memoryStore>;

/** What happens between the look whether a run is dead and the record being written. */
let beforeSaving: (record: ExperimentRecord) => Promise<void> = async () => {};

beforeEach(() => {
  store = memoryStore();
  beforeSaving = async () => {};
});

/** @param home of the worker, which destroys what it finds on a queue of its own; by default there are no such queues */
async function inWorld<T>(run: () => Promise<T>, home: string | null = null): Promise<T> {
  const activities = fake.world.activities();
  const reaping = createReaperActivities({
    client: fake.environment.client,
    store,
    records: {
      readExperiment: async (id: string) => {
        if (id.startsWith('unreadable')) throw new Error('spec.settings.acks is not what it was');
        return fake.world.experiments.get(id) ?? null;
      },
      saveExperiment: async (record: ExperimentRecord) => {
        await beforeSaving(record);
        fake.world.experiments.set(record.id, record);
      },
    } as never,
    findExperiments: async () => ({
      ids: [...fake.world.alive].sort(),
      unlisted: fake.world.unlisted,
      expired: fake.world.expired,
    }),
    inventory: activities.inventory,
    identify: async (id: string) => (id.startsWith('lost') ? spec : null),
    destroy: async (input, assertMayGoOn) => {
      await assertMayGoOn();
      await activities.destroy(input);
    },
    releaseSlot: activities.releaseSlot,
    home,
  });
  const { destroyOrphan, ...control } = reaping;
  if (home === null) return withControlWorker(fake.environment, { ...activities, ...reaping }, run);
  const worker = await Worker.create({
    connection: fake.environment.nativeConnection,
    taskQueue: homeTaskQueue(home),
    activities: { destroyOrphan },
  });
  const atHome = () => worker.runUntil(run);
  return withControlWorker(fake.environment, { ...activities, ...control }, atHome);
}

/** Starts an experiment and terminates it in mid-load, as a person may from the Web UI. */
async function leaveBehind(workflowId: string): Promise<void> {
  const reached = gate();
  fake.world.hook = async (step, _count, id) => {
    if (step !== 'produce' || id !== workflowId) return;
    reached.open();
    await gate().opened;
  };
  const handle = await start(workflowId);
  await reached.opened;
  await handle.terminate('by a test');
}

function start(workflowId: string) {
  return fake.environment.client.workflow.start(workflowTypes.experiment, {
    workflowId,
    taskQueue: controlTaskQueue,
    args: [{ spec }],
  });
}

async function reap(dryRun = false): Promise<ReaperReport> {
  return (await fake.environment.client.workflow.execute(workflowTypes.reaper, {
    workflowId: `reap-${Math.random()}`,
    taskQueue: controlTaskQueue,
    args: [{ dryRun }],
  })) as ReaperReport;
}

/** The orphans that the API tells of. */
async function told() {
  return orphansSchema.parse(await store.getJson(s3Keys.reaperReport)).orphans;
}

test('what a terminated experiment left is listed by a dry run, and destroyed by a real one', async () => {
  await inWorld(async () => {
    await leaveBehind('left-1');
    const [found] = (await reap(true)).orphans;
    expect(found).toMatchObject({ experimentId: 'left-1', result: 'found', items: [{ kind: 'process' }] });
    const [{ foundAt } = { foundAt: null }] = await told();
    expect(fake.world.alive).toEqual(new Set(['left-1']));
    await reap(true);
    expect(await told()).toMatchObject([{ experimentId: 'left-1', foundAt }]);
    expect((await reap()).orphans).toMatchObject([{ experimentId: 'left-1', result: 'destroyed' }]);
    expect(fake.world.alive.size).toBe(0);
    expect(fake.world.experiments.get('left-1')).toMatchObject({
      phase: 'closed',
      outcome: 'failed',
      failure: { code: 'workflow-lost' },
    });
    expect((await reap()).orphans).toEqual([]);
  });
});

test('what an experiment left is destroyed though a workflow of another type has its id by now', async () => {
  await inWorld(async () => {
    await leaveBehind('taken-1');
    const other = await fake.environment.client.workflow.start(workflowTypes.comparison, {
      workflowId: 'taken-1',
      taskQueue: 'nobody-polls',
      args: [{ spec: {} }],
    });
    const report = await reap();
    await other.terminate('by a test');
    expect(report.orphans).toMatchObject([{ experimentId: 'taken-1', result: 'destroyed' }]);
  });
  expect(fake.world.alive).not.toContain('taken-1');
});

test('a running experiment is left alone, and gets the slot of the one that was terminated', async () => {
  await inWorld(async () => {
    await leaveBehind('left-2');
    const measuring = gate();
    fake.world.hook = (step, _count, id) =>
      step === 'produce' && id === 'running-2' ? measuring.opened : undefined;
    const running = await start('running-2');
    expect((await reap()).orphans.map(({ experimentId }) => experimentId)).toEqual(['left-2']);
    await untilPhase(running, 'measuring');
    expect((await reap()).orphans).toEqual([]);
    expect(fake.world.alive).toEqual(new Set(['running-2']));
    measuring.open();
    await running.result();
  });
});

/** What a home says while another experiment is measured on its machine. */
function whileMeasured(activities: ReturnType<typeof fake.world.activities>): void {
  const { destroy } = activities;
  activities.destroy = async (input) => {
    if (input.whileMeasured !== 'tell') return await destroy(input);
    fake.world.destroyInputs.push(input);
    throw ApplicationFailure.create({ message: 'measured-1 is measured', type: failureTypes.notQuiet });
  };
}

test.each([
  ['its end', () => {}],
  // Whatever keeps it from being seen keeps nobody from destroying.
  [
    'an answer that never comes',
    () => {
      throw ApplicationFailure.nonRetryable('nobody answers');
    },
  ],
])('while another is measured, a home waits for %s, and then destroys', async (_what, quiet) => {
  const activities = fake.world.activities();
  whileMeasured(activities);
  fake.world.activities = () => activities;
  await inWorld(async () => {
    await leaveBehind('left-9');
    fake.world.hook = (step) => {
      if (step === 'quiet') quiet();
    };
    expect((await reap()).orphans).toMatchObject([{ experimentId: 'left-9', result: 'destroyed' }]);
    expect(fake.world.destroyInputs.map((input) => input.whileMeasured)).toEqual(['tell', 'go-on']);
    expect(fake.world.steps.filter((step) => step === 'quiet' || step === 'destroy')).toEqual([
      'quiet',
      'destroy',
    ]);
    expect(fake.world.alive.size).toBe(0);
  }, 'here');
});

test('what may stand no longer is asked to end, and a dry run asks nothing', async () => {
  await inWorld(async () => {
    fake.world.hook = (step) => (step === 'produce' ? gate().opened : undefined);
    const handle = await start('expired-1');
    await untilPhase(handle, 'measuring');
    fake.world.expired = ['expired-1', 'never-was'];
    await reap(true);
    expect(await progressOf(handle)).toMatchObject({ phase: 'measuring', cancelRequestedAt: null });
    await reap();
    expect(await handle.result()).toMatchObject({ outcome: 'cancelled' });
    expect(fake.world.alive.size).toBe(0);
  });
});

test('one that cannot be destroyed keeps no other from it', async () => {
  await inWorld(async () => {
    await leaveBehind('left-3');
    fake.world.alive.add('left-4');
    fake.world.experiments.set('left-4', { ...fake.world.experiments.get('left-3'), id: 'left-4' } as never);
    fake.world.hook = (step, _count, id) => {
      if (step === 'destroy' && id === 'left-3') throw terraformFailed('the stream is in use');
    };
    const { orphans } = await reap();
    expect(orphans).toMatchObject([
      { experimentId: 'left-3', result: 'failed', message: 'the stream is in use' },
      { experimentId: 'left-4', result: 'destroyed' },
    ]);
    fake.world.hook = () => {};
    expect((await reap()).orphans).toMatchObject([{ experimentId: 'left-3', result: 'destroyed' }]);
  });
});

test('one that hangs keeps no other waiting', async () => {
  await inWorld(async () => {
    await leaveBehind('left-5');
    fake.world.alive.add('left-6');
    fake.world.experiments.set('left-6', { ...fake.world.experiments.get('left-5'), id: 'left-6' } as never);
    const stuck = gate();
    fake.world.hook = (step, _count, id) =>
      step === 'destroy' && id === 'left-5' ? stuck.opened : undefined;
    const report = reap();
    await until('the other to be destroyed', () => !fake.world.alive.has('left-6'));
    expect(fake.world.alive).toEqual(new Set(['left-5']));
    // What is still there is told while its destroy goes on.
    expect((await told()).map(({ experimentId, items }) => [experimentId, items.length])).toContainEqual([
      'left-5',
      1,
    ]);
    stuck.open();
    expect((await report).orphans.map(({ result }) => result)).toEqual(['destroyed', 'destroyed']);
    expect(await told()).toEqual([]);
  });
});

test('a document that cannot be read stops nothing else, and is told with its reason and since when', async () => {
  await inWorld(async () => {
    await leaveBehind('left-7');
    fake.world.alive.add('unreadable-1');
    expect((await reap()).orphans).toMatchObject([
      { experimentId: 'left-7', result: 'destroyed' },
      { experimentId: 'unreadable-1', result: 'needs-operator' },
    ]);
    const first = orphansSchema.parse(await store.getJson(s3Keys.reaperReport));
    expect(first.orphans).toMatchObject([
      { experimentId: 'unreadable-1', message: expect.stringContaining('spec.settings.acks') },
    ]);
    await reap();
    const second = orphansSchema.parse(await store.getJson(s3Keys.reaperReport));
    expect(second.orphans[0]?.foundAt).toBe(first.orphans[0]?.foundAt);
    fake.world.alive.delete('unreadable-1');
    await reap();
    expect(await store.getJson(s3Keys.reaperReport)).toMatchObject({ orphans: [] });
  });
});

test('a run that comes back while the reaper destroys is left alone, and so are its record and its slot', async () => {
  await inWorld(async () => {
    await leaveBehind('back-1');
    const measuring = gate();
    const begun = gate();
    let again: Awaited<ReturnType<typeof start>> | undefined;
    fake.world.hook = async (step, _count, id) => {
      if (id !== 'back-1') return;
      if (step === 'produce') {
        begun.open();
        await measuring.opened;
      }
      if (step === 'destroy' && !again) {
        again = await start('back-1');
        await begun.opened;
        throw new Error('this attempt was lost');
      }
    };
    expect((await reap()).orphans).toMatchObject([{ experimentId: 'back-1', result: 'running-again' }]);
    expect(fake.world.alive).toEqual(new Set(['back-1']));
    expect(fake.world.experiments.get('back-1')).toMatchObject({
      phase: expect.not.stringMatching('closed'),
    });
    expect((await reap()).orphans).toEqual([]);
    measuring.open();
    await again?.result();
    expect(fake.world.experiments.get('back-1')).toMatchObject({ phase: 'closed', outcome: 'completed' });
  });
});

test('one without a record is destroyed where what is there says what it is, and else told', async () => {
  await inWorld(async () => {
    fake.world.alive.add('lost-1').add('strange-1');
    const { orphans } = await reap();
    expect(orphans).toMatchObject([
      { experimentId: 'lost-1', result: 'destroyed' },
      {
        experimentId: 'strange-1',
        result: 'needs-operator',
        message: expect.stringContaining('neither its run folder nor its state tells'),
      },
    ]);
    expect(fake.world.alive).toEqual(new Set(['strange-1']));
  });
});

test('a run that comes back while the one before it is closed has its record again', async () => {
  await inWorld(async () => {
    await leaveBehind('back-3');
    const begun = gate();
    const measuring = gate();
    fake.world.hook = async (step, _count, id) => {
      if (step !== 'produce' || id !== 'back-3') return;
      begun.open();
      await measuring.opened;
    };
    let again: Awaited<ReturnType<typeof start>> | undefined;
    beforeSaving = async (record) => {
      if (record.phase !== 'closed' || again) return;
      again = await start('back-3');
      await begun.opened;
    };
    await reap();
    const runId = again?.firstExecutionRunId;
    expect(fake.world.experiments.get('back-3')).toMatchObject({ runId, phase: 'measuring', outcome: null });
    measuring.open();
    await again?.result();
    expect(fake.world.experiments.get('back-3')).toMatchObject({ runId, outcome: 'completed' });
  });
});

test('what was found of one run closes nothing of another', async () => {
  await inWorld(async () => {
    await leaveBehind('back-2');
    const before = fake.world.experiments.get('back-2');
    await fake.environment.client.workflow.execute(workflowTypes.orphan, {
      workflowId: 'an-old-finding',
      taskQueue: controlTaskQueue,
      args: [
        { experimentId: 'back-2', deadRunId: 'an earlier run', runId: 'an earlier run', spec, items: [] },
      ],
    });
    expect(fake.world.alive).toEqual(new Set(['back-2']));
    expect(fake.world.experiments.get('back-2')).toEqual(before);
  });
});

test('what cannot be listed is told, also by a dry run, and keeps nothing else from being destroyed', async () => {
  await inWorld(async () => {
    await leaveBehind('left-8');
    fake.world.unlisted = [{ technology: 'kinesis', target: 'local', reason: 'not authorized' }];
    const told = {
      experimentId: 'experiments with kinesis on local',
      result: 'failed',
      message: expect.stringContaining('nobody knows whether anything is left: not authorized.'),
    };
    expect((await reap(true)).orphans).toMatchObject([told, { experimentId: 'left-8', result: 'found' }]);
    expect((await reap()).orphans).toMatchObject([told, { experimentId: 'left-8', result: 'destroyed' }]);
    const { orphans } = orphansSchema.parse(await store.getJson(s3Keys.reaperReport));
    expect(orphans).toMatchObject([told]);
  });
});
