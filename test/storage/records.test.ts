import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createObjectStore, createS3Client, type ObjectStore } from '../../src/storage/object-store.ts';
import { createRecords } from '../../src/storage/records.ts';
import { startMiniStack, type TestServer, testAwsEnvironment } from '../loadgen/support/servers.ts';
import { acceptedRecord, comparisonRecord, experimentRecord } from '../support/documents.ts';
import { wholeIndex } from '../support/whole-index.ts';

let server: TestServer & { url: string };
let store: ObjectStore;

beforeAll(async () => {
  server = await startMiniStack();
  Object.assign(process.env, testAwsEnvironment);
  store = createObjectStore(createS3Client({ region: 'us-east-1', endpointUrl: server.url }), 'records-test');
  await store.ensureBucket();
});
afterAll(() => server?.stop());

describe('the results bucket', () => {
  test('gives back what was put, and null where nothing is', async () => {
    await store.putJson('a/1.json', { text: 'ü' });
    expect(await store.getJson('a/1.json')).toEqual({ text: 'ü' });
    expect(await store.get('a/2.json')).toBeNull();
    expect(await store.getText('a/2.json')).toBeNull();
    expect(await store.getJson('a/2.json')).toBeNull();
  });

  test('of many that write at once where nothing is, one does', async () => {
    const written = await Promise.all(
      Array.from({ length: 50 }, (_, index) => store.putJsonIfAbsent('claimed.json', { index })),
    );
    const winner = written.indexOf(true);
    expect(written.filter(Boolean)).toHaveLength(1);
    expect(await store.getJson('claimed.json')).toEqual({ index: winner });
  });

  test('writes over what has a tag, and over nothing else', async () => {
    await store.putJson('over.json', 1);
    const before = await store.getTagged('over.json');
    expect(before?.text).toBe('1');
    const written = await Promise.all(
      [2, 3, 4].map((value) => store.putJsonOver('over.json', value, before?.etag ?? '')),
    );
    expect(written.filter(Boolean)).toHaveLength(1);
    expect(await store.getJson('over.json')).toBe(written.indexOf(true) + 2);
    await store.delete(['over.json']);
    expect(await store.putJsonOver('over.json', 5, before?.etag ?? '')).toBe(false);
    expect(await store.getTagged('over.json')).toBeNull();
  });

  test('lists in order, from a place, up to a limit', async () => {
    for (const name of ['c', 'a', 'b', 'd']) await store.put(`list/${name}`, name);
    expect(await store.list('list/')).toEqual(['list/a', 'list/b', 'list/c', 'list/d']);
    expect(await store.list('list/', { startAfter: 'list/a', limit: 2 })).toEqual(['list/b', 'list/c']);
    expect(await store.list('nothing/')).toEqual([]);
    await store.delete(['list/a', 'list/none']);
    expect(await store.list('list/', { limit: 1 })).toEqual(['list/b']);
  });

  test('tags what it lists, and a changed object has another tag', async () => {
    await store.putJson('tagged/a', 1);
    const [before] = await store.listTagged('tagged/');
    await store.putJson('tagged/a', 1);
    expect(await store.listTagged('tagged/')).toEqual([before]);
    expect((await store.getTagged('tagged/a'))?.etag).toBe(before?.etag);
    await store.putJson('tagged/a', 2);
    const [after] = await store.listTagged('tagged/');
    expect(before?.etag).toBeTruthy();
    expect(after?.etag).not.toBe(before?.etag);
  });

  test('making it again does no harm', async () => {
    await store.ensureBucket();
  });
});

describe('records', () => {
  test('come back as they were saved, and are in the index, newest first', async () => {
    const records = createRecords(store);
    const older = acceptedRecord({ id: 'exp-0001', submittedAt: '2026-11-24T12:00:00.000Z' });
    const newer = experimentRecord({ id: 'exp-0002', submittedAt: '2026-11-24T12:00:01.000Z' });
    await records.saveExperiment(older);
    await records.saveExperiment(newer);
    expect(await records.readExperiment('exp-0001')).toEqual(older);
    expect(await records.readExperiment('exp-0003')).toBeNull();
    expect(await wholeIndex(records.experimentIndex)).toMatchObject([
      { id: 'exp-0002', phase: 'closed' },
      { id: 'exp-0001', phase: 'queued' },
    ]);
  });

  test('a later run of the same experiment keeps its place in the index', async () => {
    const records = createRecords(store);
    await records.saveExperiment(experimentRecord({ id: 'again', submittedAt: '2026-11-24T11:00:00.000Z' }));
    await records.saveExperiment(
      acceptedRecord({
        id: 'again',
        runId: 'second-run',
        submittedAt: '2026-11-24T14:00:00.000Z',
        timeline: [{ phase: 'queued', startedAt: '2026-11-24T14:00:00.000Z', endedAt: null }],
      }),
    );
    const items = await wholeIndex(records.experimentIndex);
    expect(items.filter(({ id }) => id === 'again')).toMatchObject([
      { phase: 'queued', submittedAt: '2026-11-24T11:00:00.000Z' },
    ]);
  });

  test('comparisons likewise', async () => {
    const records = createRecords(store);
    await records.saveComparison(comparisonRecord());
    expect(await records.readComparison('cmp-0001')).toEqual(comparisonRecord());
    expect(await records.readComparison('cmp-0002')).toBeNull();
    expect(await wholeIndex(records.comparisonIndex)).toMatchObject([
      { id: 'cmp-0001', outcome: 'completed' },
    ]);
  });
});
