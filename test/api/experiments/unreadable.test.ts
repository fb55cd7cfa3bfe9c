import { beforeEach, describe, expect, test } from '@jest/globals';
import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';
import { comparisonRecord, experimentRecord, progress } from '../../support/documents.ts';
import { type TestApi, testApi } from '../support/test-api.ts';

let api: TestApi;
beforeEach(() => {
  api = testApi();
});

const newer = { ...experimentRecord({ id: 'exp-0001' }), phase: 'hibernating', outcome: 'abandoned' };
const unreadable: [string, string][] = [
  ['nothing', ''],
  ['half a document', '{"id":"exp-0001","na'],
  ['no object', '[]'],
  ['null', 'null'],
  ['NUL bytes', '\0\0\0\0'],
  ['what a later release wrote', JSON.stringify(newer)],
];

describe.each(unreadable)('of an experiment whose record is %s', (_, text) => {
  beforeEach(async () => {
    await api.store.put(s3Keys.experiment('exp-0001'), text);
  });

  test('what is open is shown and can be cancelled', async () => {
    api.gateway.add('exp-0001', { phase: 'measuring' }).progress = progress({ phase: 'measuring' });
    const shown = await api.get('/api/experiments/exp-0001');
    expect([shown.status, await shown.json()]).toMatchObject([200, { phase: 'measuring' }]);
    expect((await api.post('/api/experiments/exp-0001/cancel')).status).toBe(202);
    expect(api.gateway.signals).toHaveLength(1);
  });

  test('what waits for a person can be retried', async () => {
    api.gateway.add('exp-0001', { phase: 'needs-operator' }).waitsForRetry = true;
    expect((await api.post('/api/experiments/exp-0001/retry-destroy')).status).toBe(202);
  });

  test('closed by Temporal it is shown', async () => {
    api.gateway.add('exp-0001', {
      status: 'completed',
      phase: 'closed',
      outcome: 'completed',
      closedAt: new Date('2026-11-24T12:30:00Z'),
    });
    const shown = await api.get('/api/experiments/exp-0001');
    expect([shown.status, await shown.json()]).toMatchObject([200, { phase: 'closed' }]);
  });

  test('nothing is an internal error', async () => {
    const { status } = await api.get('/api/experiments/exp-0001');
    expect(status).toBeLessThan(500);
    expect((await api.get('/api/experiments')).status).toBe(200);
  });

  test('it can be deleted', async () => {
    const indexed = s3Keys.index('experiments', new Date(newer.submittedAt), 'exp-0001');
    await api.store.putJson(indexed, {});
    const answer = await api.app.request('/api/experiments/exp-0001', { method: 'DELETE' });
    expect(answer.status).toBe(204);
    expect([...api.store.objects.keys()].filter((key) => /^(experiments|index)\//.test(key))).toEqual([]);
  });
});

test('a comparison whose record cannot be read is shown, can be cancelled, and deleted once it has ended', async () => {
  await api.store.put(s3Keys.comparison('cmp-0001'), '{');
  api.gateway.add('cmp-0001', { type: 'comparison' });
  expect((await api.get('/api/comparisons/cmp-0001')).status).toBe(200);
  expect((await api.post('/api/comparisons/cmp-0001/cancel')).status).toBe(202);
  api.gateway.workflows.clear();
  expect((await api.get('/api/comparisons/cmp-0001')).status).toBe(200);
  expect((await api.app.request('/api/comparisons/cmp-0001', { method: 'DELETE' })).status).toBe(204);
});

test('a comparison is shown where the record of its experiment cannot be read', async () => {
  await api.records.addComparison(comparisonRecord({ outcome: null }));
  const record = comparisonRecord();
  const id = record.variants[0]?.experimentId as string;
  const open = {
    ...record,
    outcome: null,
    endedAt: null,
    variants: record.variants.map((v) => ({ ...v, state: 'running' as const })),
  };
  await api.store.putJson(s3Keys.comparison(record.id), open);
  api.gateway.add(record.id, { type: 'comparison' }).progress = null;
  await api.store.put(s3Keys.experiment(id), '{');
  api.gateway.add(id);
  expect((await api.get(`/api/comparisons/${record.id}`)).status).toBe(200);
});

test.each(['', '{', '[]', '{"orphans":7}'])(
  'a report of the reaper that is %p counts as none',
  async (text) => {
    await api.store.put(s3Keys.reaperReport, text);
    expect((await api.get('/api/orphans')).status).toBe(200);
    expect((await api.get('/metrics')).status).toBe(200);
    await api.records.addExperiment(experimentRecord({ id: 'exp-0009' }));
    const answer = await api.app.request('/api/experiments/exp-0009', { method: 'DELETE' });
    expect(answer.status).toBe(204);
  },
);

test.each(['', '{', '[]', '{}'])(
  'a result that is %p is refused with its reason, and keeps nothing from log and report',
  async (text) => {
    const record = experimentRecord({ id: 'exp-0009' });
    await api.records.addExperiment(record);
    await api.store.put(s3Keys.result('exp-0009', record.runId), text);
    const asked = await api.get('/api/experiments/exp-0009/result');
    expect([asked.status, (await asked.json()).detail]).toEqual([
      409,
      expect.stringContaining('cannot be read by this release'),
    ]);
    expect((await api.get('/api/experiments/exp-0009/log')).status).toBe(200);
    const report = await api.get('/api/report?experiment=exp-0009');
    expect([report.status, JSON.stringify(await report.json())]).toEqual([
      200,
      expect.stringContaining('cannot be read by this release'),
    ]);
  },
);

test.each([
  '/api/experiments/%00',
  '/api/experiments/%zz',
  '/api/experiments/..%2f..',
  '/api/experiments/%252e%252e',
  '/api/experiments/EXP-0001',
  `/api/experiments/${'a'.repeat(3000)}`,
  '/api/experiments/run-queue-local',
  '/api/experiments/constructor',
  '/api/experiments/__proto__',
])('%s is nothing', async (path) => {
  expect((await api.get(path)).status).toBe(404);
  expect((await api.post(`${path}/cancel`)).status).toBe(404);
  expect((await api.app.request(path, { method: 'DELETE' })).status).toBe(404);
});
