import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';
import { acceptedRecord, comparisonRecord, experimentRecord } from '../../support/documents.ts';
import { until } from '../../support/until.ts';
import { type Answer, type TestApi, testApi } from '../support/test-api.ts';

const count = 1_500;
const id = (n: number) => `exp-${String(n).padStart(5, '0')}`;
const at = (n: number) => new Date(Date.UTC(2026, 10, 1) + n * 1_000).toISOString();

let folder: string;
let first: TestApi;
/** Keys of which the document was read. */
let reads: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'comparator-lists-'));
  first = testApi({ listsFolder: join(folder, 'first') });
  for (let n = 0; n < count; n++)
    await first.records.addExperiment(
      experimentRecord({ id: id(n), submittedAt: at(n), name: `number ${n}` }),
    );
  await first.records.saveComparison(comparisonRecord());
  const { getJson } = first.store;
  reads = [];
  first.store.getJson = (key) => {
    reads.push(key);
    return getJson(key);
  };
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

async function idsOf(api: TestApi, query: string, kind = 'experiments'): Promise<string[]> {
  const response = await api.get(`/api/${kind}?${query}`);
  expect(response.status).toBe(200);
  const { items }: Answer = await response.json();
  return items.map((item) => item.id);
}

/** Another process over the same servers, with what a process that was killed has left of its lists. */
function afterKill(left = 'first', harm: (file: string) => void = () => {}): TestApi {
  const name = `after-${left}-${readdirSync(folder).length}`;
  cpSync(join(folder, left), join(folder, name), { recursive: true });
  harm(join(folder, name, 'experiments.sqlite'));
  return testApi({ listsFolder: join(folder, name), over: first });
}

function end(workflowId: string): void {
  const workflow = first.gateway.workflows.get(workflowId);
  if (workflow) workflow.view = { ...workflow.view, status: 'completed' };
}

const newest = [3, 2, 1].map((back) => id(count - 4 + back));

test('a process that was killed has its lists again at once, filters too, and reads nothing anew', async () => {
  expect(await idsOf(first, 'limit=3')).toEqual(newest);
  expect(await idsOf(first, 'name=number%207&limit=100')).toHaveLength(100);
  expect(await idsOf(first, '', 'comparisons')).toEqual(['cmp-0001']);
  reads = [];
  const next = afterKill();
  expect(await idsOf(next, 'limit=3')).toEqual(newest);
  expect(await idsOf(next, 'name=number%2042&limit=2')).toEqual([id(429), id(428)]);
  expect(await idsOf(next, '', 'comparisons')).toEqual(['cmp-0001']);
  expect(reads).toEqual([]);
});

test('what was started or has ended while no process ran is told at once, and what was deleted soon', async () => {
  await first.records.saveExperiment(acceptedRecord({ id: 'ends', submittedAt: at(count) }));
  first.gateway.add('ends', { runId: acceptedRecord().runId });
  expect(await idsOf(first, 'open=true')).toEqual(['ends']);
  await first.records.saveExperiment(experimentRecord({ id: 'ends', submittedAt: at(count) }));
  end('ends');
  first.gateway.add('begins', { startedAt: new Date(at(count + 2)) });
  first.gateway.add('ended', { startedAt: new Date(at(count + 1)), status: 'completed' });
  await first.store.delete([s3Keys.index('experiments', new Date(at(0)), id(0)), s3Keys.experiment(id(0))]);
  const next = afterKill();
  expect(await idsOf(next, 'limit=4')).toEqual(['begins', 'ended', 'ends', newest[0]]);
  await until('the whole to be compared', async () => (await idsOf(next, 'name=number%200')).length === 0);
  expect(await idsOf(next, 'open=true')).toEqual(['begins']);
});

test('a Temporal that is another one vouches for nothing: what storage has new is waited for', async () => {
  first.gateway.add('open');
  expect(await idsOf(first, 'open=true')).toEqual(['open']);
  await first.records.addExperiment(experimentRecord({ id: 'unheard-of', submittedAt: at(count + 1) }));
  first.gateway.workflows.clear();
  first.gateway.namespace = 'ns-2';
  const next = afterKill();
  expect(await idsOf(next, 'limit=2')).toEqual(['unheard-of', newest[0]]);
  expect(await idsOf(next, 'open=true')).toEqual([]);
});

test('the newest are told before the rest is read; what could be in the rest waits for it', async () => {
  const { getJson } = first.store;
  const gate = Promise.withResolvers<void>();
  first.store.getJson = async (key) => {
    const n = /exp-(\d+)\.json$/.exec(key)?.[1];
    if (n !== undefined && Number(n) < count - 100) await gate.promise;
    return getJson(key);
  };
  expect(await idsOf(first, 'limit=50')).toHaveLength(50);
  let hasAnswered = false;
  const oldest = idsOf(first, 'name=number%203&limit=1').then((found) => {
    hasAnswered = true;
    return found;
  });
  expect(await idsOf(first, 'limit=99')).toHaveLength(99);
  expect(hasAnswered).toBe(false);
  gate.resolve();
  expect(await oldest).toEqual([id(399)]);
});

test.each([
  ['is torn', (file: string) => writeFileSync(file, 'half of it')],
  ['cannot be opened', (file: string) => mkdirSync(rmSync(file) ?? file)],
  ['is gone', (file: string) => rmSync(file)],
])('a copy that %s changes no answer', async (_, harm) => {
  expect(await idsOf(first, 'limit=3')).toEqual(newest);
  expect(await idsOf(first, 'name=number%200')).toEqual([id(0)]);
  const next = afterKill('first', harm);
  expect(await idsOf(next, 'limit=3')).toEqual(newest);
  expect(await idsOf(next, 'name=number%200')).toEqual([id(0)]);
});

test('while another process has the copy, lists are read anew', async () => {
  expect(await idsOf(first, 'limit=3')).toEqual(newest);
  const beside = testApi({ listsFolder: join(folder, 'first'), over: first });
  expect(await idsOf(beside, 'limit=3')).toEqual(newest);
  expect(await idsOf(beside, 'name=number%200')).toEqual([id(0)]);
  expect(await idsOf(first, 'limit=3')).toEqual(newest);
});

test('lists go on when the disk is full', async () => {
  expect(await idsOf(first, 'limit=3')).toEqual(newest);
  const exec = jest.spyOn(DatabaseSync.prototype, 'exec').mockImplementationOnce(() => {
    throw Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });
  });
  first.gateway.add('begins', { startedAt: new Date(at(count + 2)) });
  expect(await idsOf(first, 'limit=4')).toEqual(['begins', ...newest]);
  expect(exec.mock.results[0]?.type).toBe('throw');
  expect(await idsOf(first, 'name=number%200')).toEqual([id(0)]);
});

test('storage that does not answer at a start is a 503, and the lists are there once it does', async () => {
  const { listTagged } = first.store;
  first.store.listTagged = () => Promise.reject(new Error('away'));
  const response = await first.get('/api/experiments?limit=3');
  expect(response.status).toBe(503);
  expect((await first.get('/api/experiments?limit=3')).status).toBe(503);
  first.store.listTagged = listTagged;
  expect(await idsOf(first, 'limit=3')).toEqual(newest);
});

test('of a copy of another bucket nothing is told', async () => {
  expect(await idsOf(first, 'limit=3')).toEqual(newest);
  const name = join(folder, 'other');
  cpSync(join(folder, 'first'), name, { recursive: true });
  const other = testApi({ listsFolder: name });
  other.gateway.add('its-own');
  expect(await idsOf(other, 'limit=3')).toEqual(['its-own']);
});
