import { beforeEach, expect, test } from '@jest/globals';
import { sweep } from '../../../src/api/service/retention.ts';
import {
  acceptedRecord,
  comparisonRecord,
  experimentDocument,
  experimentRecord,
} from '../../support/documents.ts';
import { type TestApi, testApi } from '../support/test-api.ts';

let api: TestApi;
beforeEach(() => {
  api = testApi();
});

const remove = (path: string) => api.app.request(path, { method: 'DELETE' });
/** What tells that it was deleted, while Temporal may still know it. */
const gone = 'deleted/experiments/exp-0001.json';
const keysOf = (id: string) => [...api.store.objects.keys()].filter((key) => key.includes(id));

async function store(id: string, given: Parameters<typeof experimentRecord>[0] = {}): Promise<void> {
  const record = experimentRecord({ id, ...given });
  if (!(await api.records.addExperiment(record))) await api.records.saveExperiment(record);
  await api.store.putJson(`experiments/${id}/run-of-${id}/result.json`, {});
  await api.store.put(`experiments/${id}/run-of-${id}/session-1/run-0/generator-0-received.ledger.gz`, 'x');
  await api.store.put(`experiments/${id}/run-of-${id}/terraform/20261124T120002000Z-apply.ndjson`, 'x');
}

test('a delete leaves nothing, in storage, in Temporal and in lists, and no neighbour is touched', async () => {
  await store('exp-0001');
  await store('exp-00012');
  api.gateway.add('exp-0001', { status: 'completed' });
  expect((await (await api.get('/api/experiments')).json()).items).toHaveLength(2);
  const neighbour = keysOf('exp-00012').length;
  expect((await remove('/api/experiments/exp-0001')).status).toBe(204);
  expect(keysOf('exp-0001').filter((key) => !key.includes('exp-00012'))).toEqual([gone]);
  expect(keysOf('exp-00012')).toHaveLength(neighbour);
  expect((await api.get('/api/experiments/exp-0001')).status).toBe(404);
  expect((await (await api.get('/api/experiments')).json()).items.map(({ id }) => id)).toEqual(['exp-00012']);
  expect((await remove('/api/experiments/exp-0001')).status).toBe(404);
});

test.each(['nobody', 'Not_An_Id', '..%2F..%2Finstallation', 'x'])('%s is unknown', async (id) => {
  for (const kind of ['experiments', 'comparisons'])
    expect((await remove(`/api/${kind}/${id}`)).status).toBe(404);
});

test.each<[string, () => Promise<void> | void, RegExp]>([
  [
    'open',
    () => void api.gateway.add('exp-0001', { runId: 'second', phase: 'measuring' }),
    /is open; cancel it/,
  ],
  [
    'terminated and not yet seen to be dead',
    async () => {
      await api.store.putJson('experiments/exp-0001/experiment.json', acceptedRecord({ id: 'exp-0001' }));
      api.gateway.add('exp-0001', { status: 'terminated' });
    },
    /the reaper has not yet seen/,
  ],
  [
    'with a state of terraform',
    () => api.store.putJson('state/exp-0001/terraform.tfstate', {}),
    /keeps a state/,
  ],
  [
    'left over by the reaper',
    () =>
      api.store.putJson('reaper/report.json', {
        checkedAt: '2026-11-24T12:00:00.000Z',
        orphans: [
          {
            experimentId: 'exp-0001',
            foundAt: '2026-11-24T12:00:00.000Z',
            result: 'failed',
            message: 'no',
            items: [],
          },
        ],
      }),
    /the reaper could not destroy/,
  ],
  [
    'a variant of a comparison that is open',
    async () => {
      await store('exp-0001', { comparisonId: 'cmp-0001' });
      api.gateway.add('cmp-0001', { type: 'comparison' });
    },
    /its comparison cmp-0001 is open/,
  ],
])('one that is %s is kept', async (_, arrange, detail) => {
  await store('exp-0001');
  const before = keysOf('exp-0001').length;
  await arrange();
  const response = await remove('/api/experiments/exp-0001');
  expect(response.status).toBe(409);
  expect(await response.json()).toMatchObject({ detail: expect.stringMatching(detail) });
  expect(keysOf('exp-0001').length).toBeGreaterThanOrEqual(before);
});

test('one that was told to be closed and still writes that down is deleted once it has ended', async () => {
  await api.records.saveExperiment(experimentRecord({ id: 'exp-0007' }));
  const { view } = api.gateway.add('exp-0007', { phase: 'closed' });
  setTimeout(() => Object.assign(view, { status: 'completed' }), 200);
  expect((await remove('/api/experiments/exp-0007')).status).toBe(204);
});

test('while Temporal is away nothing is deleted, since one that is unknown counts as open', async () => {
  await store('exp-0001');
  api.gateway.away = true;
  expect((await remove('/api/experiments/exp-0001')).status).toBe(503);
  expect(keysOf('exp-0001').length).toBe(5);
});

test('a delete that is interrupted at any step is finished by the next', async () => {
  for (let calls = 0; calls < 4; calls++) {
    await store('exp-0001');
    const whole = api.store.delete;
    let left = calls;
    api.store.delete = async (keys) => {
      if (left-- <= 0) throw new Error('the power is gone');
      await whole(keys);
    };
    const first = await remove('/api/experiments/exp-0001');
    api.store.delete = whole;
    if (first.status !== 204) expect((await remove('/api/experiments/exp-0001')).status).toBe(204);
    expect(keysOf('exp-0001')).toEqual([gone]);
  }
});

test('a repeated POST with the key of what was deleted is told so, and starts nothing', async () => {
  const key = { 'Idempotency-Key': 'mine' };
  const { id } = await (await api.post('/api/experiments', experimentDocument, key)).json();
  await store(id);
  const workflow = api.gateway.workflows.get(id);
  if (workflow) workflow.view = { ...workflow.view, status: 'completed' };
  expect((await api.post('/api/experiments', experimentDocument, key)).status).toBe(202);
  expect((await remove(`/api/experiments/${id}`)).status).toBe(204);
  const again = await api.post('/api/experiments', experimentDocument, key);
  expect(again.status).toBe(410);
  expect((await again.json()).detail).toContain(id);
  expect(api.gateway.starts).toHaveLength(1);
});

test('a comparison leaves its experiments, or takes them with it', async () => {
  for (const query of ['', '?experiments=true']) {
    await api.records.addComparison(comparisonRecord());
    await store('cmp-0001-01', { comparisonId: 'cmp-0001' });
    await store('cmp-0001-02', { comparisonId: 'cmp-0001' });
    expect((await remove(`/api/comparisons/cmp-0001${query}`)).status).toBe(204);
    expect((await api.get('/api/comparisons/cmp-0001')).status).toBe(404);
    const kept = (await api.get('/api/experiments/cmp-0001-02')).status;
    expect([query, kept]).toEqual([query, query ? 404 : 200]);
  }
  expect(keysOf('cmp-0001').filter((key) => !key.startsWith('deleted/'))).toEqual([]);
});

test('a comparison of which one experiment may be alive keeps all', async () => {
  await api.records.saveComparison(comparisonRecord());
  await store('cmp-0001-01', { comparisonId: 'cmp-0001' });
  await store('cmp-0001-02', { comparisonId: 'cmp-0001' });
  await api.store.putJson('state/cmp-0001-02/terraform.tfstate', {});
  expect((await remove('/api/comparisons/cmp-0001?experiments=true')).status).toBe(409);
  for (const path of ['comparisons/cmp-0001', 'experiments/cmp-0001-01'])
    expect((await api.get(`/api/${path}`)).status).toBe(200);
  expect((await remove('/api/comparisons/cmp-0001?experiments=maybe')).status).toBe(422);
});

test('what ended before its time goes by itself, and what may be alive stays', async () => {
  const day = (n: number) => `2026-11-${n}T12:00:00.000Z`;
  await store('exp-old', { submittedAt: day(10), endedAt: day(11) });
  await store('exp-alive', { submittedAt: day(10), endedAt: day(11) });
  await api.store.putJson('state/exp-alive/terraform.tfstate', {});
  await store('exp-new', { submittedAt: day(10), endedAt: day(23) });
  await api.records.saveComparison(comparisonRecord({ submittedAt: day(10), endedAt: day(11) }));
  await api.records.saveExperiment(acceptedRecord({ id: 'exp-open', submittedAt: day(10) }));
  api.gateway.add('exp-open', { phase: 'measuring' });
  const warnings: string[] = [];
  await sweep(7, api.context, { info() {}, warn: (_, message) => warnings.push(message), error() {} });
  const { items } = await (await api.get('/api/experiments')).json();
  expect(items.map(({ id }) => id).sort()).toEqual(['exp-alive', 'exp-new', 'exp-open']);
  expect((await api.get('/api/comparisons/cmp-0001')).status).toBe(404);
  expect(warnings).toEqual([expect.stringContaining('exp-alive')]);
});

test('one that is started again under a deleted id is there again', async () => {
  await store('exp-0001');
  await remove('/api/experiments/exp-0001');
  api.gateway.add('exp-0001', { runId: 'second' });
  expect((await api.get('/api/experiments/exp-0001')).status).toBe(200);
  await store('exp-0001', { runId: 'second' });
  api.gateway.add('exp-0001', { runId: 'second', status: 'completed' });
  expect((await api.get('/api/experiments/exp-0001')).status).toBe(200);
});
