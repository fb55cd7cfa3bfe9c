import { expect, test } from '@jest/globals';
import { createSlotActivities } from '../../../activities/control/slots.ts';
import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';
import type { FoundExperiments } from '../../../src/contracts/temporal/control-activities.ts';
import { createRecords } from '../../../src/storage/records.ts';
import type { TechnologyId } from '../../../src/technologies/registry.ts';
import { experimentRecord, experimentSpec } from '../../support/documents.ts';
import { memoryStore } from '../../support/memory-store.ts';

const id = 'left-0001';
const nats = experimentSpec({ technology: 'nats' });

type Unlisted = FoundExperiments['unlisted'];
const denied = (technology: TechnologyId): Unlisted => [{ technology, target: 'local', reason: 'denied' }];

function slots(
  store: ReturnType<typeof memoryStore>,
  { alive = true, identified = true, unlisted = [] as Unlisted } = {},
) {
  return createSlotActivities({
    client: {
      workflow: { getHandle: () => ({ describe: async () => ({ status: { name: 'TERMINATED' } }) }) },
    } as never,
    records: createRecords(store),
    identify: async () => (identified ? nats : null),
    findExperiments: async () => ({ ids: alive ? [id] : [], unlisted }),
    inventory: async () => [],
  });
}

const left = (...given: Parameters<typeof slots>) => slots(...given).findLeft({ experimentId: id });
const isFree = async (...given: Parameters<typeof slots>) =>
  (await slots(...given).inspectHolder({ target: 'local', experimentId: id })).free;

test('what an earlier run left is what its record says', async () => {
  const store = memoryStore();
  const record = experimentRecord({ id });
  await store.putJson(s3Keys.experiment(id), record);
  const ref = { experimentId: id, runId: record.runId, spec: record.spec };
  expect(await left(store)).toEqual({ left: ref });
  expect(await left(store, { alive: false })).toEqual({ left: null });
});

test.each([['{}'], ['{"id": '], [null]])(
  'where the record is %j, it is what is there of it; the reaper’s where that does not tell either',
  async (record) => {
    const store = memoryStore();
    if (record !== null) await store.put(s3Keys.experiment(id), record);
    expect(await left(store)).toEqual({ left: { experimentId: id, runId: 'unknown', spec: nats } });
    expect(await left(store, { identified: false })).toEqual({ left: null });
  },
);

test('what cannot be listed may be there, of its own experiments only', async () => {
  const store = memoryStore();
  await store.putJson(s3Keys.experiment(id), experimentRecord({ id, spec: nats }));
  const nothing = { alive: false, identified: false };
  expect(await left(store, { ...nothing, unlisted: denied('nats') })).toMatchObject({ left: { spec: nats } });
  expect(await isFree(store, { ...nothing, unlisted: denied('nats') })).toBe(false);
  expect(await left(store, { ...nothing, unlisted: denied('kinesis') })).toEqual({ left: null });
  expect(await isFree(store, { ...nothing, unlisted: denied('kinesis') })).toBe(true);
  expect(await isFree(store, nothing)).toBe(true);
});

test('a bucket that does not answer says nothing of what is there', async () => {
  const store = memoryStore();
  store.getText = () => Promise.reject(new Error('S3 is away'));
  await expect(left(store)).rejects.toThrow('S3 is away');
});
