import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { ObjectStore } from '../../src/storage/object-store.ts';
import { createRecords } from '../../src/storage/records.ts';
import { removeStored } from '../../src/storage/removal.ts';
import { acceptedRecord, experimentRecord } from '../support/documents.ts';
import { memoryStore } from '../support/memory-store.ts';
import { wholeIndex } from '../support/whole-index.ts';

type Writer = 'early' | 'late';

/** Lets the calls of two writers through one by one, in a given order. */
class Turns {
  readonly ended = { early: false, late: false };
  private readonly asking: Record<Writer, (() => void)[]> = { early: [], late: [] };
  private running: Promise<unknown> = Promise.resolve();

  /** A store whose calls wait for their writer's turn. */
  of(writer: Writer, store: ObjectStore): ObjectStore {
    return new Proxy(store, {
      get: (target, name: keyof ObjectStore) => {
        const call = target[name];
        if (typeof call !== 'function') return call;
        return async (...args: never[]) => {
          await new Promise<void>((resolve) => this.asking[writer].push(resolve));
          const running = (call as (...given: never[]) => Promise<unknown>)(...args);
          this.running = running.catch(() => {});
          return await running;
        };
      },
    });
  }

  async run(order: readonly Writer[]): Promise<void> {
    for (let turn = 0; !(this.ended.early && this.ended.late); turn += 1) {
      const writer = order[turn] ?? (turn % 2 === 0 ? 'early' : 'late');
      while (this.asking[writer].length === 0 && !this.ended[writer]) await nextTurn();
      this.asking[writer].shift()?.();
      await nextTurn();
      await this.running;
    }
  }
}

/** All orders of so many calls of each. */
function orders(early: number, late: number): Writer[][] {
  if (early === 0) return [Array(late).fill('late')];
  if (late === 0) return [Array(early).fill('early')];
  return [
    ...orders(early - 1, late).map((rest): Writer[] => ['early', ...rest]),
    ...orders(early, late - 1).map((rest): Writer[] => ['late', ...rest]),
  ];
}

test('of two that write at once the later state is kept, of record and index, in every order of their calls', async () => {
  const wrong: string[] = [];
  for (const order of orders(4, 4)) {
    const store = memoryStore();
    await createRecords(store).saveExperiment(acceptedRecord());
    const turns = new Turns();
    const save = async (writer: Writer, record: ReturnType<typeof experimentRecord>) => {
      await createRecords(turns.of(writer, store)).saveExperiment(record);
      turns.ended[writer] = true;
    };
    const measuring = experimentRecord({ phase: 'measuring', outcome: null });
    const closed = experimentRecord({
      timeline: [
        ...measuring.timeline,
        { phase: 'closed', startedAt: '2026-11-24T12:01:00.000Z', endedAt: null },
      ],
    });
    await Promise.all([save('early', measuring), save('late', closed), turns.run(order)]);
    const { experimentIndex, readExperiment } = createRecords(store);
    const kept = [
      (await readExperiment('exp-0001'))?.phase,
      ...(await wholeIndex(experimentIndex)).map(({ phase }) => phase),
    ];
    if (kept.join() !== 'closed,closed') wrong.push(`${order.join()}: ${kept.join()}`);
  }
  expect(wrong).toEqual([]);
}, 60_000);

test('of many that add the same one, one does, and all of it is there', async () => {
  const store = memoryStore();
  const { addExperiment, readExperiment, experimentIndex } = createRecords(store);
  const added = await Promise.all(
    Array.from({ length: 20 }, (_, n) => addExperiment(acceptedRecord({ runId: `run-${n}` }))),
  );
  expect(added.filter(Boolean)).toHaveLength(1);
  expect((await readExperiment('exp-0001'))?.runId).toBe(`run-${added.indexOf(true)}`);
  expect(await wholeIndex(experimentIndex)).toHaveLength(1);
});

test('adding costs two calls, for thousands may be added at once', async () => {
  const calls: string[] = [];
  const store = new Proxy(memoryStore(), {
    get: (target, name: keyof ObjectStore) => {
      if (typeof target[name] === 'function') calls.push(name);
      return target[name];
    },
  });
  await createRecords(store).addExperiment(acceptedRecord());
  expect(calls).toHaveLength(2);
});

test('one that was deleted does not come back by a call that was given up on', async () => {
  const store = memoryStore();
  const records = createRecords(store);
  await records.saveExperiment(experimentRecord());
  await removeStored(store, 'experiments', 'exp-0001');
  await records.saveExperiment(experimentRecord());
  expect(await records.readExperiment('exp-0001')).toBeNull();
  expect(await wholeIndex(records.experimentIndex)).toEqual([]);
  // Whoever starts its id again by hand has it accepted anew.
  expect(await records.addExperiment(acceptedRecord())).toBe(true);
  await records.saveExperiment(experimentRecord());
  expect((await records.readExperiment('exp-0001'))?.phase).toBe('closed');
});
