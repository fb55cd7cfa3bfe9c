import { expect, test } from '@jest/globals';
import { ApplicationFailure, Context } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { type ExperimentLimits, failureTypes } from '../../../src/contracts/temporal/control-activities.ts';
import {
  controlTaskQueue,
  homeTaskQueue,
  messageNames,
  workflowTypes,
} from '../../../src/contracts/temporal/names.ts';
import { createWorkers, runTogether } from '../../../src/temporal/control-workers.ts';
import { ourWorkflows } from '../../support/temporal.ts';
import { until } from '../../support/until.ts';
import { gate, spec } from '../support/fake-world.ts';
import { fakeWorlds } from '../support/fake-worlds.ts';
import { progressOf, untilPhase } from '../support/until-phase.ts';

const terraformsAtOnce = 4;
const fake = fakeWorlds();

/** An activity that was done at a home, and on which queue. */
interface Done {
  home: string;
  queue: string;
  experimentId: string;
}

/** The control workers of some homes until `run` has ended; an experiment is of the home that its id begins with. */
async function withHomes(
  homes: string[],
  run: (done: Done[]) => Promise<void>,
  limits: Partial<ExperimentLimits> = {},
): Promise<void> {
  const done: Done[] = [];
  const { provision, ownsInfrastructure, destroy, inventory, ...control } = fake.world.activities();
  const accepting: typeof control = {
    ...control,
    acceptExperiment: async (input) => ({
      ...(await control.acceptExperiment(input)),
      home: input.experimentId.split('-')[0] as string,
      limits,
    }),
  };
  const started = await Promise.all(
    homes.map(async (home) => {
      // One process may ask for the work of a queue once in each connection.
      const connection = await NativeConnection.connect({ address: fake.environment.address });
      const noted =
        <Input extends { experimentId: string }, Output>(activity: (input: Input) => Promise<Output>) =>
        (input: Input) => {
          done.push({ home, queue: Context.current().info.taskQueue, experimentId: input.experimentId });
          return activity(input);
        };
      const workers = await createWorkers({
        connection,
        namespace: 'default',
        home,
        workflowBundle: await ourWorkflows(),
        buildId: 'a-test',
        tuning: { terraformsAtOnce, activitiesAtOnce: 100, workflowTasksAtOnce: 2, cachedWorkflows: 200 },
        control: accepting,
        bound: {
          provision: noted(provision),
          ownsInfrastructure: noted(ownsInfrastructure),
          destroy: noted(destroy),
          inventory: noted(inventory),
        },
      });
      return { connection, workers, running: runTogether(workers) };
    }),
  );
  try {
    await run(done);
  } finally {
    // The others of a home end with the first.
    for (const { workers } of started) workers[0]?.shutdown();
    for (const { connection, running } of started) {
      await running;
      await connection.close();
    }
  }
}

async function start(workflowId: string): Promise<WorkflowHandle> {
  return await fake.environment.client.workflow.start(workflowTypes.experiment, {
    workflowId,
    taskQueue: controlTaskQueue,
    args: [{ spec }],
  });
}

test('what is bound to a machine is done at the home of the experiment, and nowhere else', async () => {
  await withHomes(['one', 'two'], async (done) => {
    const ids = ['one-1', 'two-1', 'one-2', 'two-2'];
    const handles = await Promise.all(ids.map(start));
    await Promise.all(handles.map((handle) => handle.result()));
    for (const id of ids) {
      const home = id.split('-')[0] as string;
      const own = done.filter(({ experimentId }) => experimentId === id);
      // Provisioned, looked at, destroyed.
      expect(own).toEqual(Array(3).fill({ home, queue: homeTaskQueue(home), experimentId: id }));
    }
  });
});

test('what is open under a home that is gone goes on at the one that has taken over', async () => {
  fake.world.home = 'heir';
  await withHomes(
    ['heir'],
    async (done) => {
      const handle = await start('gone-1');
      expect(await handle.result()).toMatchObject({ outcome: 'completed' });
      expect(new Set(done.map(({ home }) => home))).toEqual(new Set(['heir']));
    },
    { takeUpMs: 500 },
  );
});

test('many destroys at once take the slots of a home, and no more', async () => {
  const ids = Array.from({ length: terraformsAtOnce + 2 }, (_, index) => `full-${index}`);
  let now = 0;
  let most = 0;
  const free = gate();
  fake.world.hook = async (step) => {
    if (step === 'produce') return gate().opened;
    if (step !== 'destroy') return;
    now += 1;
    most = Math.max(most, now);
    await free.opened;
    now -= 1;
  };
  await withHomes(['full'], async () => {
    const handles = await Promise.all(ids.map(start));
    await Promise.all(handles.map((handle) => until('it waits or runs', () => progressOf(handle))));
    for (const handle of handles) await handle.signal(messageNames.cancel);
    await Promise.all(handles.map((handle) => untilPhase(handle, 'destroying')));
    const pending = async () => {
      const all = await Promise.all(handles.map((handle) => handle.describe()));
      return all.flatMap(({ raw }) => raw.pendingActivities ?? []);
    };
    await until('every destroy is asked for', async () => (await pending()).length === ids.length);
    await until('the slots are taken', () => now === terraformsAtOnce);
    free.open();
    await Promise.all(handles.map((handle) => handle.result()));
    expect(most).toBe(terraformsAtOnce);
  });
});

test('while another is measured, a destroy is waited with in the workflow, and a person need not wait', async () => {
  const quiet = gate();
  fake.world.hook = async (step, _count, experimentId) => {
    if (step === 'quiet') return experimentId === 'wait-1' ? quiet.opened : gate().opened;
    const input = fake.world.destroyInputs.at(-1);
    if (step !== 'destroy' || input?.whileMeasured !== 'tell') return;
    throw ApplicationFailure.create({ message: 'another is measured', type: failureTypes.notQuiet });
  };
  await withHomes(['wait'], async () => {
    const patient = await start('wait-1');
    await until('it waits for quiet', () => fake.world.steps.includes('quiet'));
    expect(await progressOf(patient)).toMatchObject({ phase: 'destroying', operator: null });
    quiet.open();
    await patient.result();
    const asked = await start('wait-2');
    await until(
      'it waits for quiet too',
      () => fake.world.steps.filter((step) => step === 'quiet').length > 1,
    );
    await until('a person may ask', () => asked.executeUpdate(messageNames.retryDestroy));
    await asked.result();
    const tries = fake.world.destroyInputs.map(({ whileMeasured, asked }) => [whileMeasured, asked]);
    expect(tries).toEqual([
      ['tell', undefined],
      ['go-on', undefined],
      ['tell', undefined],
      ['go-on', true],
    ]);
  });
});
