import { expect, test } from '@jest/globals';
import { createSlotActivities } from '../../../activities/control/slots.ts';
import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';
import { createRecords } from '../../../src/storage/records.ts';
import { experimentRecord, experimentSpec } from '../../support/documents.ts';
import { memoryStore } from '../../support/memory-store.ts';

const id = 'left-0001';
const nats = experimentSpec({ technology: 'nats' });

function left(store: ReturnType<typeof memoryStore>, { alive = true, identified = true } = {}) {
  const { findLeft } = createSlotActivities({
    client: {} as never,
    records: createRecords(store),
    identify: async () => (identified ? nats : null),
    findExperiments: async () => (alive ? [id] : []),
    inventory: async () => [],
  });
  return findLeft({ experimentId: id });
}

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

test('a bucket that does not answer says nothing of what is there', async () => {
  const store = memoryStore();
  store.getText = () => Promise.reject(new Error('S3 is away'));
  await expect(left(store)).rejects.toThrow('S3 is away');
});
