import { describe, expect, test } from '@jest/globals';
import { WorkflowFailedError, type WorkflowHandle, WorkflowUpdateFailedError } from '@temporalio/client';
import { type Phase, type QueueState, queueSchema } from '../../../src/contracts/documents/progress.ts';
import type { ExperimentSpec } from '../../../src/contracts/input/experiment.ts';
import {
  controlTaskQueue,
  messageNames,
  runQueueId,
  workflowTypes,
} from '../../../src/contracts/temporal/names.ts';
import { extended, keptFrom } from '../../../workflows/keep.ts';
import { withControlWorker } from '../../support/temporal.ts';
import { gate, type Step, sessionLost, spec, terraformFailed } from '../support/fake-world.ts';
import { fakeWorlds } from '../support/fake-worlds.ts';
import { progressOf, untilPhase, untilRecorded } from '../support/until-phase.ts';

const fake = fakeWorlds();
const second = 1 / 60;

interface Kept {
  /** Minutes; nobody could wait for the least that may be written. */
  keepMinutes: number;
  given?: Partial<ExperimentSpec>;
  look: (handle: WorkflowHandle) => Promise<void>;
}

function run(workflowId: string, { keepMinutes, given = {}, look }: Kept): Promise<void> {
  const activities = fake.world.activities();
  const short: typeof activities = {
    ...activities,
    async acceptExperiment(input) {
      const accepted = await activities.acceptExperiment(input);
      return { ...accepted, spec: { ...accepted.spec, ...given, keepMinutes } };
    },
  };
  return withControlWorker(fake.environment, short, async () => {
    const handle = await fake.environment.client.workflow.start(workflowTypes.experiment, {
      workflowId,
      taskQueue: controlTaskQueue,
      args: [{ spec: { ...spec, ...(given.target ? { target: given.target, technology: 'kinesis' } : {}) } }],
    });
    await look(handle);
  });
}

const extend = (handle: WorkflowHandle, minutes: unknown) =>
  handle.executeUpdate<{ keptUntil: string }, [unknown]>(messageNames.extend, { args: [{ minutes }] });

async function queue(target: string): Promise<QueueState> {
  const handle = fake.environment.client.workflow.getHandle(runQueueId(target));
  return queueSchema.parse(await handle.query(messageNames.queue));
}

function phasesOf(id: string): Phase[] {
  return fake.world.experiments.get(id)?.timeline.map(({ phase }) => phase) ?? [];
}

describe('what was measured', () => {
  test('stays with its slot until its time is over, its result stored, and is destroyed', async () => {
    await run('kept-1', {
      keepMinutes: 3 * second,
      look: async (handle) => {
        const { keptUntil, resultKey, outcome } = await untilPhase(handle, 'kept');
        expect(Date.parse(keptUntil ?? '') - Date.now()).toBeLessThanOrEqual(3_000);
        expect([resultKey, outcome]).toEqual([expect.stringMatching(/^result of /), null]);
        expect([...fake.world.alive]).toEqual(['kept-1']);
        expect((await queue('local')).running.map(({ experimentId }) => experimentId)).toEqual(['kept-1']);
        expect(await handle.result()).toMatchObject({ outcome: 'completed', resultKey });
        expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(keptUntil ?? ''));
      },
    });
    expect(fake.world.alive.size).toBe(0);
    expect(fake.world.steps.filter((step) => step === 'upload')).toHaveLength(1);
    expect(phasesOf('kept-1').slice(-4)).toEqual(['uploading', 'kept', 'destroying', 'closed']);
    expect(fake.world.experiments.get('kept-1')).toMatchObject({ keptUntil: null, hasResult: true });
  });

  test('is written down as kept, for whoever looks while Temporal is away', async () => {
    await run('kept-2', {
      keepMinutes: 60,
      look: async (handle) => {
        const { keptUntil } = await untilPhase(handle, 'kept');
        const record = await untilRecorded(fake.world, 'kept-2', 'kept');
        expect(record).toMatchObject({ keptUntil, hasResult: true });
        await handle.signal(messageNames.cancel);
        await handle.result();
      },
    });
  });

  test('stays for longer where that is asked for, and no longer than it may', async () => {
    await run('kept-3', {
      keepMinutes: 2 * second,
      look: async (handle) => {
        const { keptUntil } = await untilPhase(handle, 'kept');
        const answer = await extend(handle, 60);
        expect(Date.parse(answer.keptUntil) - Date.parse(keptUntil ?? '')).toBe(3_600_000);
        expect(await progressOf(handle)).toMatchObject({ phase: 'kept', keptUntil: answer.keptUntil });
        for (const minutes of [1_440, 0, 'ten', undefined]) {
          await expect(extend(handle, minutes)).rejects.toBeInstanceOf(WorkflowUpdateFailedError);
        }
        // The timer of its first end fires, and changes nothing.
        await new Promise((resolve) => setTimeout(resolve, Date.parse(keptUntil ?? '') - Date.now() + 200));
        expect(await progressOf(handle)).toMatchObject({ phase: 'kept', keptUntil: answer.keptUntil });
        await handle.signal(messageNames.cancel, { reason: 'seen enough' });
        expect(await handle.result()).toMatchObject({ outcome: 'completed' });
      },
    });
    expect(fake.world.alive.size).toBe(0);
    expect(fake.world.experiments.get('kept-3')).toMatchObject({
      outcome: 'completed',
      cancelRequestedAt: expect.any(String),
    });
  });

  test('is destroyed at once on a cancel by Temporal, and has been measured all the same', async () => {
    await run('kept-4', {
      keepMinutes: 60,
      look: async (handle) => {
        await untilPhase(handle, 'kept');
        await handle.cancel();
        expect(await handle.result()).toMatchObject({ outcome: 'completed' });
        expect((await handle.describe()).status.name).toBe('COMPLETED');
      },
    });
    expect(fake.world.alive.size).toBe(0);
  });

  test('stays as it is while workers are replaced', async () => {
    let keptUntil = '';
    await run('kept-7', {
      keepMinutes: 60,
      look: async (handle) => {
        await untilPhase(handle, 'kept');
        ({ keptUntil } = await extend(handle, 60));
      },
    });
    await withControlWorker(fake.environment, fake.world.activities(), async () => {
      const handle = fake.environment.client.workflow.getHandle('kept-7');
      expect(await untilPhase(handle, 'kept')).toMatchObject({ keptUntil });
      expect(fake.world.alive.size).toBe(1);
      await handle.signal(messageNames.cancel);
      expect(await handle.result()).toMatchObject({ outcome: 'completed' });
    });
    expect(fake.world.alive.size).toBe(0);
  });

  test('is kept though measuring has failed', async () => {
    fake.world.limits = { loadRestarts: 0 };
    fake.world.hook = (step) => {
      if (step === 'produce') throw sessionLost();
    };
    await run('kept-5', {
      keepMinutes: second,
      look: async (handle) => {
        expect(await untilPhase(handle, 'kept')).toMatchObject({ failure: { phase: 'measuring' } });
        await expect(handle.result()).rejects.toBeInstanceOf(WorkflowFailedError);
      },
    });
    expect(fake.world.experiments.get('kept-5')).toMatchObject({ outcome: 'failed' });
    expect(fake.world.alive.size).toBe(0);
  });

  test('on aws stays no longer than its budget allows', async () => {
    await run('kept-6', {
      keepMinutes: 60,
      given: { target: 'aws', budget: { maxCostUsd: 10, maxMinutes: 6 * second } },
      look: async (handle) => {
        const { keptUntil, startedAt } = await untilPhase(handle, 'kept');
        expect(Date.parse(keptUntil ?? '') - Date.parse(startedAt ?? '')).toBe(6_000);
        await expect(extend(handle, 1)).rejects.toMatchObject({
          cause: { message: expect.stringMatching(/the end of its budget\.maxMinutes, which is 0 more/) },
        });
        expect(await handle.result()).toMatchObject({ outcome: 'completed' });
      },
    });
    expect(fake.world.alive.size).toBe(0);
  });
});

describe('nothing is kept', () => {
  test('where nothing could be made', async () => {
    fake.world.hook = (step) => {
      if (step === 'provision') throw terraformFailed('no room');
    };
    await run('unkept-1', {
      keepMinutes: 60,
      look: async (handle) => {
        await expect(handle.result()).rejects.toBeInstanceOf(WorkflowFailedError);
      },
    });
    expect(phasesOf('unkept-1')).not.toContain('kept');
  });

  test.each<[Step]>([['produce'], ['upload']])('that was cancelled before, during %s', async (during) => {
    const reached = gate();
    const on = gate();
    fake.world.hook = async (step) => {
      if (step !== during) return;
      reached.open();
      await on.opened;
    };
    const id = `unkept-${during}`;
    await run(id, {
      keepMinutes: 60,
      look: async (handle) => {
        await reached.opened;
        await handle.signal(messageNames.cancel);
        on.open();
        expect(await handle.result()).toMatchObject({ outcome: 'cancelled' });
      },
    });
    expect(phasesOf(id)).not.toContain('kept');
  });

  test('that could be extended', async () => {
    const measuring = gate();
    const on = gate();
    fake.world.hook = async (step) => {
      if (step !== 'produce') return;
      measuring.open();
      await on.opened;
    };
    await run('unkept-3', {
      keepMinutes: second,
      look: async (handle) => {
        await measuring.opened;
        await expect(extend(handle, 1)).rejects.toMatchObject({
          cause: { message: 'nothing is kept: the experiment is measuring' },
        });
        on.open();
        await handle.result();
      },
    });
  });
});

describe('until when', () => {
  const minute = 60_000;
  test.each<[string, number, number | null, number, number]>([
    ['as long as it asks for', 30, null, 30, 1_440],
    ['where its budget has more', 30, 60 * minute, 30, 60],
    ['where its budget has less', 30, 20 * minute, 20, 20],
    ['where its budget has none left', 30, -5 * minute, -5, -5],
    ['where its budget has more than there can be', 30, 2_000 * minute, 30, 1_440],
  ])('%s', (_, minutes, limit, until, latest) => {
    const kept = keptFrom(0, minutes, limit);
    expect([kept.untilEpochMs / minute, kept.latestEpochMs / minute]).toEqual([until, latest]);
  });

  const timeline = [{ phase: 'kept' as const, startedAt: new Date(0).toISOString(), endedAt: null }];
  test.each<[unknown, unknown]>([
    [10, { kept: { untilEpochMs: 40 * minute } }],
    [1_410, { kept: { untilEpochMs: 1_440 * minute } }],
    [
      1_411,
      { refused: expect.stringMatching(/1970-01-02T00:00:00.000Z at most, 1440 .* 1410 more minutes$/) },
    ],
    [1.5, { refused: expect.stringContaining('whole number from 1 to 1440') }],
    ['10', { refused: expect.stringContaining('whole number from 1 to 1440') }],
  ])('after an extension by %j', (minutes, answer) => {
    expect(extended({ kept: keptFrom(0, 30, null), timeline }, minutes)).toMatchObject(answer as object);
  });
});
