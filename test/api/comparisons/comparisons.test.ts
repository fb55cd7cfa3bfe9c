import { beforeEach, describe, expect, test } from '@jest/globals';
import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';
import {
  acceptedRecord,
  comparisonDocument,
  comparisonRecord,
  comparisonSpec,
  experimentRecord,
  experimentSpec,
  liveStats,
  progress,
  result,
} from '../../support/documents.ts';
import { type TestApi, testApi } from '../support/test-api.ts';

let api: TestApi;
beforeEach(() => {
  api = testApi();
});

test('a comparison is started with its spec filled in', async () => {
  const response = await api.post('/api/comparisons', comparisonDocument);
  expect(response.status).toBe(202);
  expect(response.headers.get('location')).toBe('/api/comparisons/exp-0001');
  expect(api.gateway.starts).toEqual([
    {
      kind: 'comparison',
      id: 'exp-0001',
      name: 'kafka vs kinesis',
      attributes: null,
      input: { spec: comparisonSpec() },
    },
  ]);
});

test('500 variants with all their defaults are taken, and what is larger than any is refused with a way out', async () => {
  const variants = Array.from({ length: 500 }, (_, index) => ({
    name: `${index}`.padStart(60, '-'),
    technology: 'kafka',
    settings: { partitions: (index % 100) + 1 },
  }));
  const answer = await api.post('/api/comparisons?dryRun=true', { ...comparisonDocument, variants });
  const { spec } = (await answer.json()) as { spec?: unknown };
  const copy = JSON.stringify(spec);
  expect(copy.length).toBeGreaterThan(2 * 64 * 1024);
  expect((await api.post('/api/comparisons', copy)).status).toBe(202);
  expect((await api.post('/api/comparisons', copy.padEnd(1024 * 1024))).status).toBe(202);
  const tooLarge = await api.post('/api/comparisons', copy.padEnd(1024 * 1024 + 1));
  expect(tooLarge.status).toBe(413);
  expect((await tooLarge.json()).detail).toMatch(/larger than 1 MiB; .*leave out .* or have a sweep/);
});

test('faults in variants are named by their place', async () => {
  const response = await api.post('/api/comparisons', {
    ...comparisonDocument,
    variants: [
      { name: 'same', technology: 'kafka', settings: { acks: 1, idempotence: true } },
      { name: 'same', technology: 'kinesis', settings: { shard: 1 }, setings: {} },
    ],
    workload: { load: { shape: 'steady' } },
  });
  expect(response.status).toBe(422);
  expect((await response.json()).errors).toEqual([
    { pointer: '/workload/load/shape', detail: 'must be one of constant, steps, capacity-search, ladder' },
    { pointer: '/variants/0/settings/idempotence', detail: 'needs acks: all' },
    { pointer: '/variants/1/setings', detail: 'is not known here; did you mean settings?' },
    { pointer: '/variants/1/settings/shard', detail: 'is not known here; did you mean shards?' },
    {
      pointer: '/variants/1/name',
      detail: 'is also the name of variant 1; give each variant a name of its own',
    },
  ]);
});

test('names that look alike are the same, however their letters are spelt', async () => {
  const variants = ['caf\u00e9', 'cafe\u0301'].map((name) => ({ name, technology: 'kafka' }));
  const response = await api.post('/api/comparisons', { ...comparisonDocument, variants });
  expect((await response.json()).errors).toMatchObject([
    { pointer: '/variants/1/name', detail: expect.stringContaining('is also the name of variant 1') },
  ]);
});

test('a dry run adds the variants up', async () => {
  const response = await api.post('/api/comparisons?dryRun=true', comparisonDocument);
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({
    spec: comparisonSpec(),
    expected: { seconds: 129, costUsd: null },
    // 4 shards, and 3.6 million payload units an hour.
    costs: [
      { name: 'Kafka', cost: null },
      { name: 'Kinesis', cost: { usdPerHour: expect.closeTo(4 * 0.015 + 3.6 * 0.014, 9) } },
    ],
  });
});

test('the detail tells what the running variant does', async () => {
  const id = 'cmp-0001';
  const variants = [
    { name: 'Kafka', experimentId: `${id}-01`, repetition: 1, state: 'completed' as const },
    { name: 'Kinesis', experimentId: `${id}-02`, repetition: 1, state: 'running' as const },
  ];
  await api.records.saveComparison(comparisonRecord({ outcome: null, endedAt: null }));
  const { outcome, startedAt, endedAt, cancelRequestedAt, failure } = comparisonRecord({
    outcome: null,
    endedAt: null,
  });
  api.gateway.add(id, { type: 'comparison' }).progress = {
    outcome,
    startedAt,
    endedAt,
    cancelRequestedAt,
    failure,
    variants,
  };
  await api.records.saveExperiment(acceptedRecord({ id: `${id}-02` }));
  api.gateway.add(`${id}-02`, { live: liveStats() }).progress = progress();
  const detail = await (await api.get(`/api/comparisons/${id}`)).json();
  expect(detail.variants).toEqual([
    {
      ...variants[0],
      phase: null,
      queuePosition: null,
      timeline: null,
      operator: null,
      progress: null,
      waiting: null,
      waits: null,
    },
    {
      ...variants[1],
      phase: 'measuring',
      queuePosition: null,
      timeline: progress().timeline,
      operator: null,
      progress: liveStats(),
      waiting: null,
      waits: [],
    },
  ]);
  expect(detail.links).toEqual({
    self: '/api/comparisons/cmp-0001',
    report: '/api/comparisons/cmp-0001/report',
    events: '/api/comparisons/cmp-0001/events',
    temporal: 'http://127.0.0.1:8233/namespaces/default/workflows/cmp-0001',
  });
});

test('cancel is 202 while it runs, 409 after, 404 where there is none', async () => {
  await api.post('/api/comparisons', comparisonDocument);
  expect((await api.post('/api/comparisons/exp-0001/cancel', { reason: 'enough' })).status).toBe(202);
  expect(api.gateway.signals).toEqual([{ id: 'exp-0001', reason: 'enough' }]);
  await api.records.saveComparison(comparisonRecord());
  expect((await api.post('/api/comparisons/cmp-0001/cancel')).status).toBe(409);
  expect((await api.post('/api/comparisons/cmp-9999/cancel')).status).toBe(404);
});

test('the list is filtered by a part of the name, and by outcome', async () => {
  await api.records.saveComparison(comparisonRecord());
  const failed = { id: 'cmp-0002', name: 'Partitions', outcome: 'failed' as const };
  await api.records.saveComparison(comparisonRecord({ ...failed, submittedAt: '2026-11-24T13:00:00.000Z' }));
  const listed = async (query: string) => {
    const { items } = (await (await api.get(`/api/comparisons?${query}`)).json()) as {
      items: { id: string }[];
    };
    return items.map(({ id }) => id);
  };
  expect(await listed('')).toEqual(['cmp-0002', 'cmp-0001']);
  expect(await listed('name=PART')).toEqual(['cmp-0002']);
  expect(await listed('outcome=completed')).toEqual(['cmp-0001']);
  expect(await listed('name=part&outcome=completed')).toEqual([]);
  expect((await api.get('/api/comparisons?technology=kafka')).status).toBe(422);
});

describe('reports', () => {
  beforeEach(async () => {
    await api.records.saveComparison(comparisonRecord());
    const kinesis = experimentSpec({ name: 'Kinesis', technology: 'kinesis' });
    for (const [id, spec] of [
      ['cmp-0001-01', experimentSpec({ name: 'Kafka' })],
      ['cmp-0001-02', kinesis],
    ] as const) {
      await api.records.saveExperiment(experimentRecord({ id, spec }));
      await api.store.putJson(s3Keys.result(id, `run-of-${id}`), result({ experimentId: id, spec }));
    }
  });

  test('of a comparison, as JSON', async () => {
    const report = await (await api.get('/api/comparisons/cmp-0001/report')).json();
    expect(report).toMatchObject({
      title: 'kafka vs kinesis',
      comparisonId: 'cmp-0001',
      generatedAt: '2026-11-24T13:00:00.000Z',
      columns: [
        { experimentId: 'cmp-0001-01', name: 'Kafka', emulated: false, measurement: result().measurement },
        { experimentId: 'cmp-0001-02', name: 'Kinesis', emulated: true },
      ],
      notes: expect.arrayContaining([
        'Kinesis is EMULATED here: its throughput and latency say nothing of the real service, and decide no verdict.',
      ]),
    });
  });

  test('of any finished experiments, in the order asked for', async () => {
    const report = await (await api.get('/api/report?experiment=cmp-0001-02&experiment=cmp-0001-01')).json();
    expect(report).toMatchObject({
      title: 'Kinesis / Kafka',
      comparisonId: null,
      columns: [{ name: 'Kinesis' }, { name: 'Kafka' }],
    });
    const twin = experimentSpec({ name: 'Kafka' });
    await api.records.saveExperiment(experimentRecord({ id: 'cmp-0002-09', spec: twin }));
    const twins = await (await api.get('/api/report?experiment=cmp-0001-01&experiment=cmp-0002-09')).json();
    expect(twins).toMatchObject({
      title: 'Kafka (…001-01) / Kafka (…002-09)',
      columns: [
        { name: 'Kafka', label: 'Kafka (…001-01)' },
        { name: 'Kafka', label: 'Kafka (…002-09)' },
      ],
    });
    const one = await (await api.get('/api/report?experiment=cmp-0001-01')).json();
    expect(one.columns).toHaveLength(1);
  });

  test.each([
    ['text/markdown', 200, 'text/markdown; charset=utf-8'],
    ['text/html;q=0.5, text/markdown;q=0.9, application/json;q=0.1', 200, 'text/markdown; charset=utf-8'],
    ['text/html, */*;q=0.1', 200, 'application/json'],
    ['application/*', 200, 'application/json'],
    ['text/html', 406, 'application/problem+json'],
    ['application/json;q=0', 406, 'application/problem+json'],
  ])('for Accept: %s gives %d %s', async (accept, status, type) => {
    for (const path of ['/api/comparisons/cmp-0001/report', '/api/report?experiment=cmp-0001-01']) {
      const response = await api.get(path, { Accept: accept });
      expect([response.status, response.headers.get('content-type')]).toEqual([status, type]);
    }
  });

  test('what cannot be reported is refused', async () => {
    await api.records.saveExperiment(acceptedRecord({ id: 'running' }));
    api.gateway.add('running').progress = progress();
    expect((await api.get('/api/report?experiment=running')).status).toBe(409);
    expect((await api.get('/api/report?experiment=unknown')).status).toBe(404);
    expect((await api.get('/api/report')).status).toBe(422);
    expect((await api.get('/api/comparisons/cmp-9999/report')).status).toBe(404);
  });

  test('of one that still runs it holds what there is', async () => {
    await api.records.saveComparison(
      comparisonRecord({
        id: 'cmp-0002',
        outcome: null,
        variants: [
          { name: 'Kafka', experimentId: 'cmp-0001-01', repetition: 1, state: 'completed' },
          { name: 'Kinesis', experimentId: 'cmp-0002-02', repetition: 1, state: 'waiting' },
        ],
      }),
    );
    api.gateway.add('cmp-0002', { type: 'comparison' });
    const report = await (await api.get('/api/comparisons/cmp-0002/report')).json();
    expect(report.columns).toMatchObject([
      { name: 'Kafka', outcome: 'completed' },
      { name: 'Kinesis', technology: 'kinesis', emulated: true, outcome: null, measurement: null },
    ]);
    expect(report.notes).toContain('Kinesis has not finished.');
  });
});
