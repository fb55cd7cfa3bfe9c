import { beforeEach, expect, test } from '@jest/globals';
import {
  acceptedRecord,
  comparisonRecord,
  experimentDocument,
  experimentRecord,
  experimentSpec,
} from '../../support/documents.ts';
import { type Answer, type TestApi, testApi } from '../support/test-api.ts';

let api: TestApi;
beforeEach(() => {
  api = testApi();
});

const minute = (n: number) => `2026-11-24T12:${String(n).padStart(2, '0')}:00.000Z`;

async function idsOf(path: string): Promise<string[]> {
  const { items } = await (await api.get(path)).json();
  return items.map(({ id }: { id: string }) => id);
}

/** All pages of a list, each as the ids on it. */
async function pages(path: string): Promise<string[][]> {
  const all: string[][] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const more: string = cursor ? `&cursor=${cursor}` : '';
    const page: Answer = await (await api.get(path + more)).json();
    all.push(page.items.map(({ id }: { id: string }) => id));
    cursor = page.nextCursor;
  }
  return all;
}

test('is empty at first', async () => {
  expect(await (await api.get('/api/experiments')).json()).toEqual({ items: [], nextCursor: null });
});

test('gives the newest first, page by page, past and running, each once', async () => {
  for (let n = 1; n <= 7; n++) {
    await api.records.saveExperiment(experimentRecord({ id: `exp-000${n}`, submittedAt: minute(n * 2) }));
  }
  // Running with a record; running without one, because no worker has come to it yet.
  await api.records.saveExperiment(acceptedRecord({ id: 'exp-0008', submittedAt: minute(16) }));
  api.gateway.add('exp-0008', { startedAt: new Date(minute(16)) });
  api.gateway.add('unrecorded-new', { startedAt: new Date(minute(30)) });
  api.gateway.add('unrecorded-mid', { startedAt: new Date(minute(5)) });
  expect(await pages('/api/experiments?limit=3')).toEqual([
    ['unrecorded-new', 'exp-0008', 'exp-0007'],
    ['exp-0006', 'exp-0005', 'exp-0004'],
    ['exp-0003', 'unrecorded-mid', 'exp-0002'],
    ['exp-0001'],
  ]);
});

test('a page that is exactly full is the last one', async () => {
  for (const n of [1, 2]) {
    await api.records.saveExperiment(experimentRecord({ id: `exp-000${n}`, submittedAt: minute(n) }));
  }
  expect(await pages('/api/experiments?limit=2')).toEqual([['exp-0002', 'exp-0001']]);
});

test('a summary has the fields of the contract, and the phase of the moment', async () => {
  await api.records.saveExperiment(acceptedRecord());
  api.gateway.add('exp-0001', { phase: 'measuring' });
  expect(await (await api.get('/api/experiments')).json()).toEqual({
    items: [
      {
        id: 'exp-0001',
        name: 'kafka, acks all',
        technology: 'kafka',
        target: 'local',
        emulated: false,
        comparisonId: null,
        phase: 'measuring',
        outcome: null,
        submittedAt: '2026-11-24T12:00:00.000Z',
        startedAt: null,
        endedAt: null,
      },
    ],
    nextCursor: null,
  });
});

test('filters by each field, on the state of the moment', async () => {
  const kinesis = experimentSpec({ name: 'Kinesis with shards', technology: 'kinesis' });
  await api.records.saveExperiment(experimentRecord({ id: 'exp-0001', submittedAt: minute(1) }));
  await api.records.saveExperiment(
    experimentRecord({
      id: 'exp-0002',
      submittedAt: minute(2),
      spec: kinesis,
      outcome: 'failed',
      comparisonId: 'cmp-1',
    }),
  );
  await api.records.saveExperiment(acceptedRecord({ id: 'exp-0003', submittedAt: minute(3) }));
  api.gateway.add('exp-0003', { phase: 'measuring' });
  const cases: [string, string[]][] = [
    ['technology=kinesis', ['exp-0002']],
    ['target=local', ['exp-0003', 'exp-0002', 'exp-0001']],
    ['phase=measuring', ['exp-0003']],
    ['phase=queued', []],
    ['outcome=failed', ['exp-0002']],
    ['name=with%20SHARDS', ['exp-0002']],
    ['comparison=cmp-1', ['exp-0002']],
    ['technology=kafka&phase=closed', ['exp-0001']],
    ['target=aws', []],
    ['cursor=&limit=&technology=kafka&target=&phase=closed&outcome=&name=&comparison=', ['exp-0001']],
  ];
  for (const [query, ids] of cases)
    expect([query, await idsOf(`/api/experiments?${query}`)]).toEqual([query, ids]);
});

test('has what was started at once, though Temporal’s own lists lag behind', async () => {
  expect(await idsOf('/api/experiments')).toEqual([]);
  api.gateway.listsLagBehind = true;
  const { id } = (await (await api.post('/api/experiments', experimentDocument)).json()) as { id: string };
  expect(await idsOf('/api/experiments')).toEqual([id]);
});

test('one that was terminated is shown as failed, not as running for ever', async () => {
  await api.records.saveExperiment(acceptedRecord());
  api.gateway.add('exp-0001', { status: 'terminated', closedAt: new Date(minute(9)) });
  const { items } = await (await api.get('/api/experiments')).json();
  expect(items).toMatchObject([{ phase: 'closed', outcome: 'failed', endedAt: minute(9) }]);
});

test('one started by hand with nonsense does not break the list', async () => {
  api.gateway.add('by-hand', { technology: null, target: null, phase: 'no such phase' }).input = 42;
  const { items } = await (await api.get('/api/experiments')).json();
  expect(items).toMatchObject([{ id: 'by-hand', technology: 'unknown', phase: 'queued' }]);
});

test.each(['constructor', '__proto__', 'toString', 'kafka-of-old'])(
  'one whose stored technology is %s does not break the list',
  async (technology) => {
    api.gateway.add('by-hand', { technology, target: technology });
    const { items } = await (await api.get('/api/experiments')).json();
    expect(items).toMatchObject([{ id: 'by-hand', technology, target: technology, emulated: false }]);
    expect((await api.get('/api/experiments/by-hand')).status).toBe(200);
  },
);

test('an index entry that cannot be read does not hide the others', async () => {
  await api.records.saveExperiment(experimentRecord());
  await api.store.put('index/experiments/0000000000001-broken.json', '{"id": 5');
  await api.store.put('index/experiments/0000000000002-wrong.json', '{"id": 5}');
  expect(await idsOf('/api/experiments')).toEqual(['exp-0001']);
});

test('storage still answers while Temporal is away', async () => {
  await api.records.saveExperiment(experimentRecord());
  api.gateway.away = true;
  expect(await idsOf('/api/experiments')).toEqual(['exp-0001']);
});

test.each([
  ['limit=0', '/limit', 'must be at least 1'],
  ['limit=1&limit=2', '/limit', 'is given twice; give it once'],
  ['limit=101', '/limit', 'must be at most 100'],
  ['limit=ten', '/limit', 'must be a number, not text'],
  ['phase=mesuring', '/phase', /^must be one of queued, .*; did you mean measuring\?$/],
  ['technology=kafk', '/technology', 'must be one of kafka, kinesis, nats; did you mean kafka?'],
  ['technology=bogus', '/technology', 'must be one of kafka, kinesis, nats'],
  ['target=moon', '/target', 'must be one of local, existing, aws'],
  ['outcome=good', '/outcome', 'must be one of completed, failed, cancelled'],
  ['colour=red&colour=blue', '/colour', /^is not known here; known here: cursor, limit/],
  ['colour=red', '/colour', /^is not known here; known here: cursor, limit/],
  ['cursor=abc', '/cursor', 'must be the nextCursor of an earlier page, unchanged'],
])('refuses the query %s', async (query, pointer, detail) => {
  const response = await api.get(`/api/experiments?${query}`);
  expect(response.status).toBe(422);
  const problem = await response.json();
  expect(problem.detail).toBe('The query is not valid: one field must be corrected, see errors.');
  expect(problem.errors).toEqual([
    { pointer, detail: typeof detail === 'string' ? detail : expect.stringMatching(detail) },
  ]);
});

test('comparisons are listed likewise', async () => {
  await api.records.saveComparison(comparisonRecord());
  api.gateway.add('cmp-0002', { type: 'comparison', name: 'running', startedAt: new Date(minute(30)) });
  const { items } = await (await api.get('/api/comparisons')).json();
  expect(items).toEqual([
    {
      id: 'cmp-0002',
      name: 'running',
      outcome: null,
      submittedAt: minute(30),
      startedAt: null,
      endedAt: null,
    },
    {
      id: 'cmp-0001',
      name: 'kafka vs kinesis',
      outcome: 'completed',
      submittedAt: '2026-11-24T12:00:00.000Z',
      startedAt: '2026-11-24T12:00:00.000Z',
      endedAt: '2026-11-24T12:05:00.000Z',
    },
  ]);
});
