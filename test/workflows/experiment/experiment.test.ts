import { describe, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import type { Phase, QueueState } from '../../../src/contracts/documents/progress.ts';
import {
  controlTaskQueue,
  messageNames,
  runQueueId,
  workflowTypes,
} from '../../../src/contracts/temporal/names.ts';
import type { ExperimentWorkflowResult } from '../../../src/contracts/temporal/workflows.ts';
import { withControlWorker } from '../../support/temporal.ts';
import { until } from '../../support/until.ts';
import {
  gate,
  type Step,
  searchSpec,
  sessionLost,
  spec,
  spreadSpec,
  terraformFailed,
} from '../support/fake-world.ts';
import { fakeWorlds } from '../support/fake-worlds.ts';
import { progressOf, untilPhase, untilRecorded } from '../support/until-phase.ts';

const fake = fakeWorlds();
let ids = 0;

function nextId(): string {
  ids += 1;
  return `experiment-${ids}`;
}

async function start(input: unknown = { spec }, workflowId = nextId()): Promise<WorkflowHandle> {
  return await fake.environment.client.workflow.start(workflowTypes.experiment, {
    workflowId,
    taskQueue: controlTaskQueue,
    args: [input],
  });
}

const inWorld = <T>(run: () => Promise<T>) =>
  withControlWorker(fake.environment, fake.world.activities(), run);

async function failureOf(handle: WorkflowHandle): Promise<unknown> {
  const error = await handle.result().then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(WorkflowFailedError);
  return (error as WorkflowFailedError).cause;
}

async function untilFirstInLine(waiter: WorkflowHandle): Promise<void> {
  await until(
    `${waiter.workflowId} to be the first in line`,
    async () => {
      const queue = fake.environment.client.workflow.getHandle(runQueueId('local'));
      const { waiting } = await queue.query<QueueState>(messageNames.queue);
      return waiting[0]?.experimentId === waiter.workflowId;
    },
    { timeoutMs: 100_000, everyMs: 25 },
  );
}

/** What Temporal's Web UI shows of a workflow beside its history. */
interface Metadata {
  currentDetails: string;
  definition: {
    [kind in `${'query' | 'signal' | 'update'}Definitions`]: { name?: string; description?: string }[];
  };
}

function phasesOf(id: string): Phase[] {
  return fake.world.experiments.get(id)?.timeline.map(({ phase }) => phase) ?? [];
}

test('an experiment goes through every phase and closes with nothing left alive', async () => {
  await inWorld(async () => {
    const handle = await start();
    const result = (await handle.result()) as ExperimentWorkflowResult;
    expect(result.outcome).toBe('completed');
    expect(result.resultKey).toMatch(/^result of /);
    expect(phasesOf(handle.workflowId)).toEqual([
      'queued',
      'provisioning',
      'warming-up',
      'measuring',
      'draining',
      'uploading',
      'destroying',
      'closed',
    ]);
    expect(fake.world.alive.size).toBe(0);
    const { currentDetails, definition } = await handle.query<Metadata>('__temporal_workflow_metadata');
    expect(currentDetails).toContain('**closed** since');
    expect(currentDetails).toContain(`comparator report ${handle.workflowId}`);
    const { queryDefinitions, signalDefinitions, updateDefinitions } = definition;
    const handlers = [...queryDefinitions, ...signalDefinitions, ...updateDefinitions];
    const own = handlers.filter(({ name }) => name && !name.startsWith('__'));
    expect(own.map(({ name }) => name).sort()).toEqual([
      'cancel',
      'extend',
      'progress',
      'retryDestroy',
      'slot',
    ]);
    expect(own.filter(({ description }) => !description)).toEqual([]);
    const { events } = await handle.fetchHistory();
    const steps = (events ?? []).filter(
      (event) => event.activityTaskScheduledEventAttributes ?? event.timerStartedEventAttributes,
    );
    expect(steps.length).toBeGreaterThan(5);
    expect(steps.filter(({ userMetadata }) => !userMetadata?.summary)).toEqual([]);
    const description = await handle.describe();
    expect(description.searchAttributes).toMatchObject({
      ComparatorTechnology: ['kafka'],
      ComparatorPhase: ['closed'],
      ComparatorOutcome: ['completed'],
      ComparatorNeedsOperator: [false],
    });
  });
});

test('an input that is no experiment closes the workflow as Failed and starts nothing', async () => {
  await inWorld(async () => {
    const handle = await start({ name: 'x', technology: 'kafak' });
    const cause = await failureOf(handle);
    expect(cause).toBeInstanceOf(ApplicationFailure);
    expect((cause as ApplicationFailure).type).toBe('invalid-input');
    expect((cause as Error).message).toContain('/technology');
    expect(fake.world.steps).toEqual([]);
  });
});

test('the bare document typed in the Web UI is accepted too', async () => {
  await inWorld(async () => {
    const handle = await start({
      name: 'by hand',
      technology: 'kafka',
      workload: { load: spec.workload.load },
    });
    expect(((await handle.result()) as ExperimentWorkflowResult).outcome).toBe('completed');
  });
});

test('how often it tries is what it was told when it was accepted', async () => {
  fake.world.limits = { provisionTries: 1 };
  fake.world.hook = (step) => {
    if (step === 'provision') throw terraformFailed('no broker came up');
  };
  await inWorld(async () => {
    await failureOf(await start());
    expect(fake.world.steps.filter((step) => step === 'provision')).toHaveLength(1);
  });
});

test('an apply that fails is tried once more, then destroyed, and its diagnostics kept', async () => {
  fake.world.hook = (step) => {
    if (step === 'provision') throw terraformFailed('no broker came up');
  };
  await inWorld(async () => {
    const handle = await start();
    await failureOf(handle);
    expect(fake.world.steps.filter((step) => step === 'provision')).toHaveLength(2);
    expect(fake.world.alive.size).toBe(0);
    expect(fake.world.experiments.get(handle.workflowId)).toMatchObject({
      outcome: 'failed',
      failure: {
        code: 'terraform-failed',
        phase: 'provisioning',
        diagnostics: [{ summary: 'no broker came up' }],
      },
    });
  });
});

test('a load that fails is destroyed, and its failure stands in the result', async () => {
  fake.world.hook = (step) => {
    if (step === 'open') {
      throw ApplicationFailure.nonRetryable('the topic does not exist', 'open-failed');
    }
  };
  await inWorld(async () => {
    const handle = await start();
    await failureOf(handle);
    expect(fake.world.alive.size).toBe(0);
    expect(fake.world.results).toMatchObject([
      { failure: { code: 'load-open-failed', phase: 'warming-up' } },
    ]);
  });
});

test('a load of which nothing was acknowledged has failed, as its result says', async () => {
  fake.world.measuredFailure = {
    code: 'nothing-acknowledged',
    phase: 'measuring',
    message: 'nothing could be measured: all 15 messages failed: MESSAGE_TOO_LARGE (15)',
    diagnostics: [],
  };
  await inWorld(async () => {
    const handle = await start();
    await failureOf(handle);
    const record = fake.world.experiments.get(handle.workflowId);
    expect(record).toMatchObject({
      outcome: 'failed',
      failure: fake.world.measuredFailure,
      resultKey: expect.stringContaining('result of'),
    });
    expect(fake.world.alive.size).toBe(0);
  });
});

test('a load whose generator was lost starts over as a whole, on fresh processes, and says so', async () => {
  fake.world.hook = (step, count) => {
    if (step === 'consume' && count === 1) throw sessionLost();
  };
  await inWorld(async () => {
    const handle = await start();
    expect(((await handle.result()) as ExperimentWorkflowResult).outcome).toBe('completed');
    expect(fake.world.steps.filter((step) => step === 'provision')).toHaveLength(2);
    expect(fake.world.results).toMatchObject([{ restarts: 1, partial: false, failure: null }]);
  });
});

test('what is gone each time before a load can begin is not provisioned for ever', async () => {
  const activities = fake.world.activities();
  const dying: typeof activities = { ...activities, ownsInfrastructure: async () => false };
  await withControlWorker(fake.environment, dying, async () => {
    const handle = await start();
    expect(await failureOf(handle)).toMatchObject({ type: 'infrastructure-lost' });
    expect(fake.world.steps.filter((step) => step === 'provision')).toHaveLength(5);
    expect(fake.world.alive.size).toBe(0);
    expect(fake.world.experiments.get(handle.workflowId)?.failure).toMatchObject({
      code: 'infrastructure-lost',
      phase: 'provisioning',
    });
  });
});

test('a provisioning that fails in a way that nobody foresaw ends in time, and is destroyed', async () => {
  fake.world.hook = (step) => {
    if (step === 'provision') throw new Error('EACCES: permission denied');
  };
  const activities = fake.world.activities();
  const impatient: typeof activities = {
    ...activities,
    acceptExperiment: async (input) => ({
      ...(await activities.acceptExperiment(input)),
      limits: { provisionForMs: 2_500 },
    }),
  };
  await withControlWorker(fake.environment, impatient, async () => {
    const handle = await start();
    expect(((await failureOf(handle)) as Error).message).toContain('EACCES');
    expect(fake.world.steps.filter((step) => step === 'provision').length).toBeGreaterThan(1);
    expect(fake.world.alive.size).toBe(0);
    expect(fake.world.experiments.get(handle.workflowId)).toMatchObject({
      phase: 'closed',
      outcome: 'failed',
    });
  });
});

test('a run queue that no longer answers keeps nothing alive for ever', async () => {
  const activities = fake.world.activities();
  fake.world.limits = { provisionForMs: 5_000 };
  const mute: typeof activities = {
    ...activities,
    checkSlot: async (slot) => {
      if (fake.world.alive.size > 0) throw new Error('the workflow task has failed');
      return await activities.checkSlot(slot);
    },
  };
  await withControlWorker(fake.environment, mute, async () => {
    const handle = await start();
    expect(((await failureOf(handle)) as Error).message).toMatch(
      /did not say within \d+ s whether .* turn: the workflow task has failed$/,
    );
    expect(fake.world.alive.size).toBe(0);
    expect(fake.world.experiments.get(handle.workflowId)).toMatchObject({
      phase: 'closed',
      outcome: 'failed',
    });
  });
});

describe('a ladder', () => {
  const ladder = (load: object) => ({
    ...spec,
    workload: { ...spec.workload, load: { shape: 'ladder', ...load } },
  });

  test('loads the rates that it is given, and measures the highest that is sustained', async () => {
    fake.world.limitMessagesPerSecond = 2_500;
    await inWorld(async () => {
      const handle = await start({ spec: ladder({ ratesMessagesPerSecond: [1_000, 2_000, 4_000] }) });
      expect(((await handle.result()) as ExperimentWorkflowResult).outcome).toBe('completed');
      const [result] = fake.world.results;
      expect(
        result?.rungs?.map(({ messagesPerSecond, sustained }) => [messagesPerSecond, sustained]),
      ).toEqual([
        [1_000, true],
        [2_000, true],
        [4_000, false],
      ]);
      expect(result?.partKeys).toEqual(result?.rungs?.[1]?.partKeys);
      expect(result?.capacity).toBeNull();
    });
  });

  test('finds the capacity first, and then loads shares of it', async () => {
    fake.world.limitMessagesPerSecond = 3_000;
    await inWorld(async () => {
      const load = { sharesPercent: [50, 90], startMessagesPerSecond: 1_000, resolutionPercent: 20 };
      const handle = await start({ spec: ladder(load) });
      expect(((await handle.result()) as ExperimentWorkflowResult).outcome).toBe('completed');
      const [result] = fake.world.results;
      expect(result?.capacity?.sustainableMessagesPerSecond).toBe(3_000);
      expect(result?.rungs?.map(({ messagesPerSecond }) => messagesPerSecond)).toEqual([1_500, 2_700]);
      expect(result?.capacity?.probes.some(({ rung }) => rung)).toBe(false);
    });
  });

  test('goes on where it was when a participant is lost in the middle', async () => {
    fake.world.limitMessagesPerSecond = 10_000;
    fake.world.hook = (step, count) => {
      if (step === 'produce' && count === 2) throw sessionLost();
    };
    await inWorld(async () => {
      const handle = await start({ spec: ladder({ ratesMessagesPerSecond: [1_000, 2_000, 4_000] }) });
      await handle.result();
      const [result] = fake.world.results;
      expect(result).toMatchObject({ restarts: 1, failure: null });
      expect(result?.rungs?.map(({ messagesPerSecond }) => messagesPerSecond)).toEqual([1_000, 2_000, 4_000]);
    });
  });
});

describe('several load generators', () => {
  test('each run what they were given, and all their parts make the result', async () => {
    await inWorld(async () => {
      const handle = await start({ spec: spreadSpec });
      expect(((await handle.result()) as ExperimentWorkflowResult).outcome).toBe('completed');
      expect(fake.world.steps.filter((step) => step === 'open')).toHaveLength(3);
      const id = handle.workflowId;
      expect([...(fake.world.results[0]?.partKeys ?? [])].sort()).toEqual([
        `${id} 0 consume`,
        `${id} 0 produce`,
        `${id} 1 consume`,
        `${id} 1 produce`,
        `${id} 2 produce`,
      ]);
    });
  });

  test('stop and start over together when one of them is lost', async () => {
    fake.world.hook = (step, count) => {
      // In the first attempt, one side is lost and the four others would never end.
      if (step === 'consume' && count === 1) throw sessionLost();
      if (step === 'produce' && count <= 3) return new Promise<void>(() => {});
      if (step === 'consume' && count === 2) return new Promise<void>(() => {});
    };
    await inWorld(async () => {
      const handle = await start({ spec: spreadSpec });
      expect(((await handle.result()) as ExperimentWorkflowResult).outcome).toBe('completed');
      expect(fake.world.results).toMatchObject([{ restarts: 1, partial: false, failure: null }]);
      expect(fake.world.results[0]?.partKeys).toHaveLength(5);
    });
  });
});

describe('a capacity search', () => {
  test('finds what the product sustains, reports every probe, and holds it', async () => {
    fake.world.limitMessagesPerSecond = 3_000;
    await inWorld(async () => {
      const handle = await start({ spec: searchSpec });
      expect(((await handle.result()) as ExperimentWorkflowResult).outcome).toBe('completed');
      const [result] = fake.world.results;
      expect(result?.capacity?.sustainableMessagesPerSecond).toBe(3_000);
      expect(result?.capacity?.probes.map(({ messagesPerSecond }) => messagesPerSecond)).toEqual([
        1_000, 2_000, 4_000, 4_000, 2_500, 3_000, 3_464, 3_464, 3_464, 3_000,
      ]);
      expect(result?.partKeys).toHaveLength(2);
      expect((await progressOf(handle)).probes).toHaveLength(10);
      expect(phasesOf(handle.workflowId).filter((phase) => phase === 'draining')).toHaveLength(1);
    });
  });

  test('that finds none measures none: what a rate that failed came to is not what was asked for', async () => {
    fake.world.limitMessagesPerSecond = 0;
    await inWorld(async () => {
      const handle = await start({ spec: searchSpec });
      await handle.result();
      const [result] = fake.world.results;
      expect(result?.capacity?.sustainableMessagesPerSecond).toBeNull();
      expect(result?.partKeys).toEqual([]);
    });
  });

  test('that cannot hold what it found does not measure what it could not hold', async () => {
    const activities = fake.world.activities();
    const never: typeof activities = {
      ...activities,
      judgeProbe: async (input) => ({
        ...(await activities.judgeProbe(input)),
        sustained: false,
        next: input.hold
          ? { kind: 'found', messagesPerSecond: null }
          : { kind: 'found', messagesPerSecond: 1_000 },
      }),
    };
    await withControlWorker(fake.environment, never, async () => {
      const handle = await start({ spec: searchSpec });
      await handle.result();
      expect(fake.world.results[0]?.capacity?.probes.map(({ hold }) => hold)).toEqual([false, true]);
      expect(fake.world.results[0]?.partKeys).toEqual([]);
    });
  });

  test('tries what the last judgement says, whatever this code would', async () => {
    const activities = fake.world.activities();
    const retuned: typeof activities = {
      ...activities,
      judgeProbe: async (input) => ({
        ...(await activities.judgeProbe(input)),
        next:
          input.earlier.length === 0
            ? { kind: 'probe', messagesPerSecond: 1_234 }
            : { kind: 'found', messagesPerSecond: 1_200 },
      }),
    };
    await withControlWorker(fake.environment, retuned, async () => {
      const handle = await start({ spec: searchSpec });
      await handle.result();
      const probes = fake.world.results[0]?.capacity?.probes.map(
        ({ messagesPerSecond }) => messagesPerSecond,
      );
      expect(probes).toEqual([1_000, 1_234, 1_200]);
    });
  });

  test('goes on where it was when a participant is lost in the middle', async () => {
    fake.world.limitMessagesPerSecond = 1_500;
    fake.world.hook = (step, count) => {
      if (step === 'produce' && count === 2) throw sessionLost();
    };
    await inWorld(async () => {
      const handle = await start({ spec: searchSpec });
      await handle.result();
      const [result] = fake.world.results;
      expect(result).toMatchObject({ restarts: 1, failure: null });
      expect(result?.capacity?.probes.map(({ messagesPerSecond }) => messagesPerSecond)).toEqual([
        1_000, 2_000, 2_000, 2_000, 1_250, 1_500, 1_732, 1_732, 1_732, 1_500,
      ]);
    });
  });

  test('that is cancelled keeps its probes', async () => {
    const second = gate();
    fake.world.hook = (step, count) => {
      if (step !== 'produce' || count < 2) return;
      second.open();
      return new Promise(() => {});
    };
    await inWorld(async () => {
      const handle = await start({ spec: searchSpec });
      await second.opened;
      // A person may type anything into the Web UI.
      await handle.signal(messageNames.cancel, { reason: 42 });
      expect(((await handle.result()) as ExperimentWorkflowResult).outcome).toBe('cancelled');
      expect(fake.world.results).toMatchObject([
        { partial: true, partKeys: [], capacity: { sustainableMessagesPerSecond: null, probes: [{}] } },
      ]);
      expect(fake.world.alive.size).toBe(0);
    });
  });
});

test('an upload that fails never skips the destroy, and is tried again after it', async () => {
  fake.world.hook = (step, count) => {
    if (step === 'upload' && count === 1) throw ApplicationFailure.nonRetryable('S3 does not answer');
    if (step === 'destroy') expect(fake.world.results).toHaveLength(0);
  };
  await inWorld(async () => {
    const handle = await start();
    expect(((await handle.result()) as ExperimentWorkflowResult).outcome).toBe('completed');
    expect(fake.world.alive.size).toBe(0);
    expect(fake.world.results).toHaveLength(1);
  });
});

test('a destroy that fails several times asks for an operator, whose retry closes it', async () => {
  let broken = true;
  fake.world.hook = (step) => {
    if (step === 'destroy' && broken) throw terraformFailed('the stream is in use');
  };
  await inWorld(async () => {
    const handle = await start();
    const waiting = await untilPhase(handle, 'needs-operator');
    expect(waiting.operator).toMatchObject({ reason: 'the stream is in use', attempts: 3 });
    expect((await handle.describe()).searchAttributes?.ComparatorNeedsOperator).toEqual([true]);
    await untilRecorded(fake.world, handle.workflowId, 'needs-operator');
    expect(fake.world.results).toHaveLength(1);
    broken = false;
    await handle.executeUpdate(messageNames.retryDestroy, { args: [{ breakLock: 'lock-1' }] });
    const result = (await handle.result()) as ExperimentWorkflowResult;
    expect(result.outcome).toBe('completed');
    expect(fake.world.destroyInputs.at(-1)).toMatchObject({ breakLock: 'lock-1', asked: true });
    expect(fake.world.alive.size).toBe(0);
    expect((await handle.describe()).searchAttributes?.ComparatorNeedsOperator).toEqual([false]);
  });
});

test('a retry is accepted as soon as the phase says that a person is needed', async () => {
  let broken = true;
  fake.world.hook = (step) => {
    if (step === 'destroy' && broken) throw terraformFailed('the stream is in use');
  };
  const recorded = gate();
  const activities = fake.world.activities();
  const slow: typeof activities = {
    ...activities,
    async recordExperiment(record) {
      if (record.phase === 'needs-operator') await recorded.opened;
      await activities.recordExperiment(record);
    },
  };
  await withControlWorker(fake.environment, slow, async () => {
    const handle = await start();
    await untilPhase(handle, 'needs-operator');
    broken = false;
    await handle.executeUpdate(messageNames.retryDestroy);
    recorded.open();
    expect(((await handle.result()) as ExperimentWorkflowResult).outcome).toBe('completed');
    expect(fake.world.steps.filter((step) => step === 'destroy')).toHaveLength(4);
  });
});

test('retryDestroy is refused while nothing waits for it', async () => {
  const measuring = gate();
  fake.world.hook = (step) => (step === 'produce' ? measuring.opened : undefined);
  await inWorld(async () => {
    const handle = await start();
    await untilPhase(handle, 'measuring');
    await expect(handle.executeUpdate(messageNames.retryDestroy)).rejects.toThrow(/Update failed/);
    measuring.open();
    await handle.result();
  });
});

const stepOfPhase: [Phase, Step][] = [
  ['provisioning', 'provision'],
  ['warming-up', 'open'],
  ['measuring', 'produce'],
  ['draining', 'consume'],
  ['uploading', 'upload'],
  ['destroying', 'destroy'],
];

describe.each(stepOfPhase)('a cancel while %s', (phase, heldStep) => {
  const measured = phase === 'measuring' || phase === 'draining';

  test.each(['signal', 'temporal'] as const)('by %s leaves nothing alive', async (kind) => {
    const held = gate();
    const reached = gate();
    fake.world.hook = async (step) => {
      if (step !== heldStep) return;
      reached.open();
      await held.opened;
    };
    await inWorld(async () => {
      const handle = await start({ spec, submittedBy: 'ann' });
      await reached.opened;
      await untilPhase(handle, phase);
      if (kind === 'signal')
        await handle.signal(messageNames.cancel, { reason: 'changed my mind', by: 'ci' });
      else await handle.cancel();
      // Uploads and destroys are not to be cancelled: they go on once they can.
      if (phase === 'uploading' || phase === 'destroying') held.open();
      if (kind === 'signal') {
        expect(((await handle.result()) as ExperimentWorkflowResult).outcome).toBe('cancelled');
      } else {
        expect(await failureOf(handle)).toBeInstanceOf(CancelledFailure);
        expect((await handle.describe()).status.name).toBe('CANCELLED');
      }
      expect(fake.world.alive.size).toBe(0);
      expect(fake.world.experiments.get(handle.workflowId)).toMatchObject({
        outcome: 'cancelled',
        phase: 'closed',
        submittedBy: 'ann',
        cancelRequestedBy: kind === 'signal' ? 'ci' : null,
      });
      expect(fake.world.results).toHaveLength(1);
      if (measured) {
        expect(fake.world.results[0]?.partial).toBe(true);
        expect(fake.world.results[0]?.partKeys).toContain(`${handle.workflowId} 0 consume`);
      }
    });
  });
});

test.each(['signal', 'temporal'] as const)('a cancel by %s while queued starts nothing', async (kind) => {
  const first = gate();
  fake.world.hook = (step) => (step === 'provision' ? first.opened : undefined);
  await inWorld(async () => {
    const holder = await start();
    await untilPhase(holder, 'provisioning');
    const waiter = await start();
    await untilFirstInLine(waiter);
    if (kind === 'signal') {
      await waiter.signal(messageNames.cancel);
      expect(((await waiter.result()) as ExperimentWorkflowResult).outcome).toBe('cancelled');
    } else {
      await waiter.cancel();
      expect(await failureOf(waiter)).toBeInstanceOf(CancelledFailure);
    }
    expect(fake.world.alive.has(waiter.workflowId)).toBe(false);
    first.open();
    await holder.result();
  });
});

test('a second experiment waits for the slot of the first, and then runs', async () => {
  const first = gate();
  fake.world.hook = (step, _count, id) => (step === 'produce' && id === holderId ? first.opened : undefined);
  const holderId = nextId();
  await inWorld(async () => {
    const holder = await start({ spec }, holderId);
    await untilPhase(holder, 'measuring');
    const waiter = await start();
    await untilFirstInLine(waiter);
    expect(fake.world.alive).toEqual(new Set([holderId]));
    first.open();
    await holder.result();
    expect(((await waiter.result()) as ExperimentWorkflowResult).outcome).toBe('completed');
  });
});

test('waiters outlive a terminated run queue, and its holder keeps its slot', async () => {
  const first = gate();
  fake.world.hook = (step, _count, id) => (step === 'produce' && id === holderId ? first.opened : undefined);
  const holderId = nextId();
  await inWorld(async () => {
    const holder = await start({ spec }, holderId);
    await untilPhase(holder, 'measuring');
    await fake.environment.client.workflow.getHandle('run-queue-local').terminate('by a test');
    const waiter = await start();
    await untilFirstInLine(waiter);
    expect(fake.world.alive).toEqual(new Set([holderId]));
    first.open();
    await holder.result();
    expect(((await waiter.result()) as ExperimentWorkflowResult).outcome).toBe('completed');
  });
});

test('a run that was reset in mid-load takes the slot over and provisions anew', async () => {
  const first = gate();
  fake.world.hook = (step, count) => (step === 'produce' && count === 1 ? first.opened : undefined);
  await inWorld(async () => {
    const handle = await start();
    await untilPhase(handle, 'measuring');
    const history = await handle.fetchHistory();
    // The workflow task in which the provisioning's end was seen.
    const events = history.events ?? [];
    const provisioned = events.findIndex(
      (event) =>
        event.activityTaskCompletedEventAttributes &&
        events.some(
          (scheduled) =>
            scheduled.eventId?.toString() ===
              event.activityTaskCompletedEventAttributes?.scheduledEventId?.toString() &&
            scheduled.activityTaskScheduledEventAttributes?.activityType?.name === 'provision',
        ),
    );
    const task = events.slice(provisioned).find((event) => event.workflowTaskCompletedEventAttributes);
    await fake.environment.client.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: handle.workflowId },
      reason: 'by a test',
      requestId: handle.workflowId,
      workflowTaskFinishEventId: task?.eventId,
    });
    first.open();
    const again = fake.environment.client.workflow.getHandle(handle.workflowId);
    expect(((await again.result()) as ExperimentWorkflowResult).outcome).toBe('completed');
    expect(fake.world.steps.filter((step) => step === 'provision')).toHaveLength(2);
    expect(fake.world.alive.size).toBe(0);
    const { runId } = fake.world.results.at(-1) ?? {};
    expect(runId).toBe((await again.describe()).runId);
  });
});
