import { beforeEach, expect, test } from '@jest/globals';
import type { Outcome, Phase } from '../../src/contracts/documents/progress.ts';
import { type VariantState, variantStateSchema } from '../../src/contracts/documents/progress.ts';
import { s3Keys } from '../../src/contracts/storage/s3-keys.ts';
import type { IndexEntry } from '../../src/storage/record-index.ts';
import { createRecords } from '../../src/storage/records.ts';
import { acceptedRecord, comparisonRecord, experimentRecord } from '../support/documents.ts';
import { memoryStore } from '../support/memory-store.ts';
import { wholeIndex } from '../support/whole-index.ts';

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
const index = records.experimentIndex;
const id = (n: number) => `exp-${String(n).padStart(5, '0')}`;
const at = (n: number) => new Date(Date.UTC(2026, 10, 1) + n * 1_000).toISOString();
const count = 2_345;

/** What a process that has read it all writes down. */
async function keep(): Promise<void> {
  const entries: IndexEntry<string>[] = [];
  for await (const { changed } of index.pages())
    entries.push(...changed.map(({ summary, ...one }) => ({ ...one, summary: JSON.stringify(summary) })));
  await index.keep(entries);
}

beforeEach(async () => {
  bucket.objects.clear();
  for (let n = 0; n < count; n++)
    await records.addExperiment(acceptedRecord({ id: id(n), submittedAt: at(n) }));
  reads = [];
});

test('comes page by page, the newest first, each entry read once', async () => {
  const pages: number[] = [];
  let last = '';
  for await (const { changed, same, through } of index.pages()) {
    pages.push(changed.length);
    expect(same).toEqual([]);
    for (const { place } of changed) {
      expect(place > last).toBe(true);
      last = place;
    }
    expect(through).toBe(pages.length < 4 ? last : null);
  }
  expect(pages).toEqual([100, 1_000, 1_000, 245]);
  expect(reads).toHaveLength(count);
});

test('whoever knows tags is told what has changed alone', async () => {
  const known = new Map<string, string>();
  for await (const { changed } of index.pages())
    for (const { place, etag } of changed) known.set(place, etag);
  await records.saveExperiment(experimentRecord({ id: id(7), submittedAt: at(7) }));
  reads = [];
  let same = 0;
  const others: string[] = [];
  for await (const page of index.pages(() => known)) {
    same += page.same.length;
    others.push(...page.changed.map(({ summary }) => summary.id));
  }
  expect([same, others, reads.length]).toEqual([count - 1, [id(7)], 1]);
});

test('whoever knows nothing takes what was written down, and reads the newest and what has changed', async () => {
  await keep();
  await records.saveExperiment(experimentRecord({ id: id(7), submittedAt: at(7) }));
  await bucket.delete([s3Keys.index('experiments', new Date(at(8)), id(8))]);
  reads = [];
  const all = await wholeIndex(index);
  expect(reads).toHaveLength(100 + 1);
  expect(all).toHaveLength(count - 1);
  expect(all.filter(({ phase }) => phase === 'closed').map((one) => one.id)).toEqual([id(7)]);
});

test.each([
  [
    'torn',
    async () => {
      const key = s3Keys.indexSnapshot('experiments');
      const body = bucket.objects.get(key) as Buffer;
      bucket.objects.set(key, body.subarray(0, body.length / 2));
    },
  ],
  ['no archive', async () => void bucket.objects.set(s3Keys.indexSnapshot('experiments'), Buffer.from('x'))],
  ['gone', () => bucket.delete([s3Keys.indexSnapshot('experiments')])],
])('a copy that is %s changes no answer', async (_, harm) => {
  const before = await wholeIndex(index);
  await keep();
  await harm();
  expect(await wholeIndex(index)).toEqual(before);
});

test('an entry that cannot be read hides no other', async () => {
  await bucket.put('index/experiments/0000000000001-broken.json', '{"id": 5');
  await bucket.put('index/experiments/0000000000002-wrong.json', '{"id": 5}');
  expect(await wholeIndex(index)).toHaveLength(count);
});

test('a run that a reset had begin in the midst of another writes over it, though its timeline is shorter', async () => {
  const at = (seconds: number) => new Date(Date.UTC(2026, 10, 24, 12, 0, seconds)).toISOString();
  const entry = (phase: Phase, from: number) => ({ phase, startedAt: at(from), endedAt: null });
  const begun = [entry('queued', 0), entry('provisioning', 1), entry('measuring', 2)];
  const retried = [3, 4, 5, 6].map((second) => entry(second % 2 ? 'destroying' : 'needs-operator', second));
  const stuck = experimentRecord({ id: 'reset', runId: 'first', timeline: [...begun, ...retried] });
  const ended = [...begun, entry('destroying', 20), entry('closed', 21)];
  const closed = experimentRecord({ id: 'reset', runId: 'second', timeline: ended });
  await records.saveExperiment(stuck);
  await records.saveExperiment(closed);
  await records.saveExperiment(stuck);
  expect(await records.readExperiment('reset')).toEqual(closed);
});

test('what a comparison was is never written over what it became', async () => {
  const [first, second] = ['one', 'two'].map((name, n) => ({
    name,
    experimentId: `cmp-raced-0${n}`,
    variant: n,
  }));
  const state = (outcome: Outcome | null, ...states: VariantState['state'][]) =>
    comparisonRecord({
      id: 'cmp-raced',
      outcome,
      variants: [first, second].map((one, n) => variantStateSchema.parse({ ...one, state: states[n] })),
    });
  const begun = state(null, 'running', 'waiting');
  const further = state(null, 'completed', 'running');
  const closed = state('completed', 'completed', 'completed');
  for (const [late, early] of [
    [further, begun],
    [closed, further],
    [closed, begun],
  ] as const) {
    await records.saveComparison(late);
    await records.saveComparison(early);
    expect(await records.readComparison('cmp-raced')).toEqual(late);
  }
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
  expect((await wholeIndex(index)).find((one) => one.id === 'raced')?.phase).toBe('queued');
});
