import { beforeEach, expect, test } from '@jest/globals';
import { s3Keys } from '../../src/contracts/storage/s3-keys.ts';
import { createRecords } from '../../src/storage/records.ts';
import { acceptedRecord, experimentRecord } from '../support/documents.ts';
import { memoryStore } from '../support/memory-store.ts';

const bucket = memoryStore();
let reads: string[] = [];
const store = {
  ...bucket,
  getJson: (key: string) => {
    reads.push(key);
    return bucket.getJson(key);
  },
};
const records = createRecords(store);
const id = (n: number) => `exp-${String(n).padStart(5, '0')}`;
const at = (n: number) => new Date(Date.UTC(2026, 10, 1) + n * 1_000).toISOString();
const count = 1_000;

beforeEach(async () => {
  bucket.objects.clear();
  for (let n = 0; n < count; n++)
    await records.saveExperiment(acceptedRecord({ id: id(n), submittedAt: at(n) }));
  reads = [];
});

test('is read entry by entry once; a later reading asks for what has changed alone', async () => {
  expect(await records.allExperiments()).toHaveLength(count);
  expect(reads).toHaveLength(count);
  await records.saveExperiment(experimentRecord({ id: id(7), submittedAt: at(7) }));
  await bucket.delete([s3Keys.index('experiments', new Date(at(8)), id(8))]);
  reads = [];
  const all = await records.allExperiments();
  expect(reads).toHaveLength(1);
  expect(all).toHaveLength(count - 1);
  expect(all[0]?.id).toBe(id(count - 1));
  expect(all.filter(({ phase }) => phase === 'closed').map((one) => one.id)).toEqual([id(7)]);
  expect(all.some((one) => one.id === id(8))).toBe(false);
});

test.each([
  ['torn', async () => void bucket.objects.set(s3Keys.indexSnapshot('experiments'), Buffer.from('half'))],
  ['gone', () => bucket.delete([s3Keys.indexSnapshot('experiments')])],
])('a copy that is %s changes no answer', async (_, harm) => {
  const before = await records.allExperiments();
  await harm();
  expect(await records.allExperiments()).toEqual(before);
});

test('an entry that cannot be read hides no other', async () => {
  await bucket.put('index/experiments/0000000000001-broken.json', '{"id": 5');
  await bucket.put('index/experiments/0000000000002-wrong.json', '{"id": 5}');
  expect(await records.allExperiments()).toHaveLength(count);
});

test('an older timeline is never written over a newer one, of the same run or of one before', async () => {
  const late = experimentRecord({ id: 'raced' });
  const early = acceptedRecord({ id: 'raced' });
  await records.saveExperiment(early);
  await records.saveExperiment(late);
  await records.saveExperiment(early);
  expect(await records.readExperiment('raced')).toEqual(late);
  const timeline = [{ phase: 'queued' as const, startedAt: '2026-11-24T15:00:00.000Z', endedAt: null }];
  const again = acceptedRecord({ id: 'raced', runId: 'second', timeline });
  await records.saveExperiment(again);
  await records.saveExperiment(late);
  expect(await records.readExperiment('raced')).toEqual(again);
  expect((await records.allExperiments()).find((one) => one.id === 'raced')?.phase).toBe('queued');
});
