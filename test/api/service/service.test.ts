import { createRequire } from 'node:module';
import { expect, test } from '@jest/globals';
import { experimentDocument } from '../../support/documents.ts';
import { testApi } from '../support/test-api.ts';

test('what is nowhere is a problem', async () => {
  const response = await testApi().get('/api/nothing');
  expect(response.status).toBe(404);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await response.json()).toEqual({
    type: 'about:blank',
    title: 'Not found',
    status: 404,
    detail: 'There is nothing at /api/nothing; /docs lists what there is.',
  });
});

test.each([
  ['DELETE', '/api/experiments', 'POST, GET, HEAD'],
  ['PUT', '/api/experiments/exp-0001', 'GET, HEAD, DELETE'],
  ['GET', '/api/experiments/exp-0001/cancel', 'POST'],
  ['OPTIONS', '/api/queue', 'GET, HEAD'],
])('%s %s is 405, and says what is possible', async (method, path, allow) => {
  const response = await testApi().app.request(path, { method });
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe(allow);
  expect(await response.json()).toMatchObject({
    status: 405,
    detail: `${method} is not possible here; possible: ${allow}.`,
  });
});

test('a fault of ours is 500 without its details, which go to the log', async () => {
  const { get, gateway, errors } = testApi();
  gateway.describe = () => Promise.reject(new Error('secret detail'));
  const response = await get('/api/experiments/exp-0001');
  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({
    type: 'about:blank',
    title: 'Internal error',
    status: 500,
    detail: 'Something went wrong in the API; its log says what.',
  });
  expect(errors).toMatchObject([{ err: { message: 'secret detail' } }]);
});

test('readyz says which server is missing', async () => {
  const { get, gateway, store } = testApi();
  expect(await (await get('/readyz')).json()).toEqual({
    status: 'ready',
    checks: { temporal: 'ok', storage: 'ok', workflows: 'ok' },
  });
  gateway.away = true;
  store.getTagged = () => Promise.reject(new Error('connect ECONNREFUSED'));
  const response = await get('/readyz');
  expect(response.status).toBe(503);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await response.json()).toEqual({
    type: 'about:blank',
    title: 'Unavailable',
    status: 503,
    detail: 'Temporal does not answer: away. S3 does not answer: connect ECONNREFUSED.',
    checks: {
      temporal: 'Temporal does not answer: away',
      storage: 'S3 does not answer: connect ECONNREFUSED',
      workflows: 'not known',
    },
  });
});

test('open workflows whose code fails are told of, and are no reason to send requests elsewhere', async () => {
  const { get, gateway } = testApi();
  const task = {
    attempt: 7,
    since: new Date('2026-11-24T12:30:00.000Z'),
    started: false,
    lastFailure: { message: '[TMPRL1100] Nondeterminism error\nat 12\u001b[2J', otherCode: true },
  };
  gateway.add('exp-0001', { pending: { activities: [], task, paused: null } });
  gateway.add('run-queue-local', { type: 'runQueue' });
  gateway.add('exp-0002', { phase: 'needs-operator' });
  const ready = await get('/readyz');
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({
    status: 'degraded',
    checks: {
      workflows: expect.stringMatching(
        /^the code of one open workflow fails, exp-0001 for one: \[TMPRL1100\] /,
      ),
    },
  });
  expect(await (await get('/metrics')).text()).toContain('comparator_workflow_tasks_failing 1');
  const { items } = await (await get('/api/waiting')).json();
  expect(items).toMatchObject([
    {
      id: 'exp-0001',
      waiting: {
        kind: 'workflow-task',
        since: '2026-11-24T12:30:00.000Z',
        attempt: 7,
        reason: '[TMPRL1100] Nondeterminism error at 12 [2J',
        hint: expect.stringContaining('not the code that this workflow began with'),
      },
      waits: [{ kind: 'workflow-task' }],
    },
    { id: 'exp-0002', waiting: { kind: 'operator' } },
  ]);
  expect(await (await get('/api/experiments/exp-0001')).json()).toMatchObject({
    waiting: { kind: 'workflow-task' },
  });
});

test('what the reaper could not destroy is listed and counted', async () => {
  const { get, store, gateway } = testApi();
  expect(await (await get('/api/orphans')).json()).toEqual({ items: [], checkedAt: null });
  expect(await (await get('/metrics')).text()).toMatch(/^comparator_orphans 0$/m);
  const report = {
    checkedAt: '2026-11-24T12:00:00.000Z',
    orphans: [
      {
        experimentId: 'exp-0001',
        foundAt: '2026-11-24T11:00:00.000Z',
        result: 'needs-operator',
        message: 'its record is lost',
        items: [{ kind: 'stream', name: 'cmp-1-exp-0001', description: 'a stream' }],
      },
      {
        experimentId: 'exp-0002',
        foundAt: '2026-11-24T11:30:00.000Z',
        result: 'failed',
        message: '',
        items: [],
      },
    ],
  };
  await store.putJson('reaper/report.json', report);
  gateway.nextReapAt = new Date('2026-11-24T12:02:00.000Z');
  const answer = {
    items: [
      {
        experimentId: 'exp-0001',
        found: report.orphans[0]?.items,
        reason: 'its record is lost',
        since: '2026-11-24T11:00:00.000Z',
        nextTryAt: null,
      },
      {
        experimentId: 'exp-0002',
        found: [],
        reason: expect.stringMatching(/./),
        since: '2026-11-24T11:30:00.000Z',
        nextTryAt: '2026-11-24T12:02:00.000Z',
      },
    ],
    checkedAt: '2026-11-24T12:00:00.000Z',
  };
  expect(await (await get('/api/orphans')).json()).toEqual(answer);
  expect(await (await get('/metrics')).text()).toMatch(/^comparator_orphans 2$/m);
  gateway.away = true;
  expect(await (await get('/api/orphans')).json()).toMatchObject({
    items: [{ nextTryAt: null }, { nextTryAt: null }],
  });
});

test('without an answer of Temporal no figure says that nothing fails', async () => {
  const { get, gateway } = testApi();
  gateway.away = true;
  expect(await (await get('/metrics')).text()).not.toMatch(/^comparator_workflow_tasks_failing \d/m);
});

test('metrics count requests by route and open experiments by phase', async () => {
  const { get, gateway } = testApi();
  gateway.add('exp-0001', { phase: 'measuring' });
  await get('/api/experiments/exp-0001');
  await get('/api/experiments/exp-0002');
  const response = await get('/metrics');
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const text = await response.text();
  expect(text).toContain('comparator_experiments_open{phase="measuring"} 1');
  expect(text).toContain(
    'comparator_http_requests_total{method="GET",route="/api/experiments/:id",status="200"} 1',
  );
  expect(text).toContain(
    'comparator_http_requests_total{method="GET",route="/api/experiments/:id",status="404"} 1',
  );
});

test('a request that no route takes is counted as one of an unknown route', async () => {
  const { get, app } = testApi();
  await get('/api/nothing');
  await app.request('/api/queue', { method: 'DELETE' });
  const text = await (await get('/metrics')).text();
  for (const [method, status] of [
    ['GET', 404],
    ['DELETE', 405],
  ]) {
    expect(text).toContain(
      `comparator_http_requests_total{method="${method}",route="unknown",status="${status}"} 1`,
    );
  }
});

test('the reaper runs dry only where it is told so in words that it knows', async () => {
  const { post } = testApi();
  expect(await (await post('/api/reap?dryRun=true')).json()).toEqual({ dryRun: true, orphans: [] });
  expect(await (await post('/api/reap')).json()).toEqual({ dryRun: false, orphans: [] });
  const unclear = await post('/api/reap?dryRun=maybe');
  expect(unclear.status).toBe(422);
  expect((await unclear.json()).errors).toEqual([
    { pointer: '/dryRun', detail: 'must be one of true, false' },
  ]);
});

test('technologies carry the schema of their settings and their limit', async () => {
  const { items } = await (await testApi().get('/api/technologies')).json();
  expect(items.map(({ id }: { id: string }) => id)).toEqual(['kafka', 'kinesis', 'nats']);
  expect(items[1]).toMatchObject({
    label: 'Amazon Kinesis',
    targets: { local: { emulated: true } },
    settingsSchema: {
      type: 'object',
      additionalProperties: false,
      properties: { shards: { type: 'integer', minimum: 1, maximum: 500, default: 4 } },
    },
    ceiling: { messagesPerSecond: 4000 },
  });
  expect(items[1]?.ceilingInWords).toMatch(/^4,000 messages\/s of 1,024 B with the default settings\./);
  expect(items[0]?.ceiling).toBeNull();
  expect(items[0]?.settingsSchema.required).toBeUndefined();
});

test('the queue is empty until there is one', async () => {
  const { get, gateway } = testApi();
  expect(await (await get('/api/queue')).json()).toEqual({
    targets: [{ target: 'local', capacity: 1, running: [], waiting: [] }],
  });
  const queue = {
    target: 'local',
    capacity: 1,
    running: [{ experimentId: 'exp-0001', since: '2026-11-24T12:00:00.000Z' }],
    waiting: [{ experimentId: 'exp-0002', since: '2026-11-24T12:00:05.000Z' }],
  };
  gateway.queueAnswer = queue;
  expect(await (await get('/api/queue')).json()).toEqual({ targets: [queue] });
  gateway.away = true;
  expect((await get('/api/queue')).status).toBe(503);
});

test('the documentation comes from this server alone', async () => {
  const { get } = testApi();
  const page = await get('/docs');
  const policy = page.headers.get('content-security-policy') ?? '';
  expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
  const html = await page.text();
  const sources = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
  expect(sources).toEqual(['/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js', '/docs/start.js']);
  for (const source of sources) {
    const response = await get(source);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/(css|javascript); charset=utf-8$/);
  }
  expect(html).not.toMatch(/<style|<script>|style="/);
});

test('the first page links to what there is', async () => {
  const { get } = testApi();
  const html = await (await get('/')).text();
  const links = [...html.matchAll(/href="([^"]+)"/g)].map((match) => match[1] ?? '');
  for (const link of links) expect([link, (await get(link)).status]).toEqual([link, 200]);
  expect(links).toContain('/docs');
  expect(links).toContain('http://127.0.0.1:8233');
});

test('answers of the API carry headers that keep a browser from making more of them', async () => {
  const response = await testApi().get('/api/technologies');
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
});

interface OpenApi {
  openapi: string;
  paths: Record<
    string,
    Record<
      string,
      { parameters?: object[]; responses: Record<string, { content?: object }>; summary?: string }
    >
  >;
  components: { schemas: Record<string, object> };
}

test('the OpenAPI document holds every call, and each of its schemas is one', async () => {
  const document = (await (await testApi().get('/openapi.json')).json()) as unknown as OpenApi;
  expect(document.openapi).toBe('3.1.0');
  const calls = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(calls.sort()).toEqual([
    'DELETE /api/comparisons/{id}',
    'DELETE /api/experiments/{id}',
    'GET /api',
    'GET /api/comparisons',
    'GET /api/comparisons/{id}',
    'GET /api/comparisons/{id}/events',
    'GET /api/comparisons/{id}/report',
    'GET /api/experiments',
    'GET /api/experiments/{id}',
    'GET /api/experiments/{id}/events',
    'GET /api/experiments/{id}/histograms/{file}',
    'GET /api/experiments/{id}/log',
    'GET /api/experiments/{id}/result',
    'GET /api/experiments/{id}/timeseries',
    'GET /api/orphans',
    'GET /api/queue',
    'GET /api/report',
    'GET /api/technologies',
    'GET /api/waiting',
    'GET /healthz',
    'GET /metrics',
    'GET /readyz',
    'POST /api/comparisons',
    'POST /api/comparisons/{id}/cancel',
    'POST /api/experiments',
    'POST /api/experiments/{id}/cancel',
    'POST /api/experiments/{id}/extend',
    'POST /api/experiments/{id}/retry-destroy',
    'POST /api/reap',
  ]);
  const text = JSON.stringify(document);
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    expect(document.components.schemas).toHaveProperty(name ?? '');
  }
  expect(text).not.toContain('"$ref":"#/$defs');
});

interface Operation {
  summary?: string;
  description?: string;
  parameters?: { name: string; description?: string; in: string }[];
  requestBody?: {
    content: Record<string, { examples?: Record<string, { summary: string; value: object }> }>;
  };
}

async function operations(): Promise<[string, Operation][]> {
  const document = (await (await testApi().get('/openapi.json')).json()) as unknown as {
    paths: Record<string, Record<string, Operation>>;
  };
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
}

test('every call says in a line what it does, without markup, and then more of it', async () => {
  for (const [call, { summary, description }] of await operations()) {
    expect([call, summary]).toEqual([call, expect.stringMatching(/^[A-Z][^`]{10,80}$/)]);
    expect([call, description]).toEqual([call, expect.stringMatching(/^.{20,}\.$/s)]);
  }
});

test('every body has examples, which the API takes as they are', async () => {
  const shapes: string[] = [];
  for (const [call, { requestBody }] of await operations()) {
    if (!requestBody) continue;
    const examples = Object.values(requestBody.content['application/json']?.examples ?? {});
    expect([call, examples.length]).toEqual([call, expect.any(Number)]);
    expect(examples.length).toBeGreaterThan(1);
    for (const { value } of examples) {
      const api = testApi();
      const there = api.gateway.add('exp-0009');
      there.waitsForRetry = true;
      there.keptUntilMs = 0;
      api.gateway.add('cmp-0009', { type: 'comparison' });
      const path = call
        .replace('POST ', '')
        .replace('{id}', call.includes('comparisons') ? 'cmp-0009' : 'exp-0009');
      const response = await api.post(path, value);
      expect([call, value, response.status]).toEqual([call, value, 202]);
      const { workload, variants } = value as {
        workload?: { load: { shape: string } };
        variants?: unknown[];
      };
      if (workload) shapes.push(`${variants ? 'comparison' : 'experiment'}: ${workload.load.shape}`);
    }
  }
  expect(shapes).toEqual(
    expect.arrayContaining([
      'experiment: constant',
      'experiment: steps',
      'experiment: capacity-search',
      'comparison: constant',
    ]),
  );
});

test('the document asks for a key only where the service does, and only for what needs one', async () => {
  const read = async (apiKeys: string[]) =>
    (await (await testApi({ apiKeys }).get('/openapi.json')).json()) as unknown as {
      security?: unknown;
      components: { securitySchemes?: unknown };
      paths: Record<string, Record<string, { security?: unknown }>>;
    };
  const open = await read([]);
  expect([open.security, open.components.securitySchemes]).toEqual([undefined, undefined]);
  const keyed = await read(['a-key']);
  expect(keyed.security).toEqual([{ bearer: [] }]);
  expect(keyed.components.securitySchemes).toEqual({ bearer: { type: 'http', scheme: 'bearer' } });
  const free = Object.entries(keyed.paths).flatMap(([path, methods]) =>
    Object.values(methods).some(({ security }) => security) ? [path] : [],
  );
  expect(free.sort()).toEqual(['/healthz', '/readyz']);
});

test('the index links to what there is', async () => {
  const { get } = testApi();
  const response = await get('/api');
  expect(response.status).toBe(200);
  const { links } = await response.json();
  const { temporal, ...own } = links;
  expect(temporal).toBe('http://127.0.0.1:8233');
  for (const link of Object.values(own)) expect([link, (await get(link ?? '')).status]).toEqual([link, 200]);
});

test("a document's schema takes what the API takes", async () => {
  const document = (await (await testApi().get('/openapi.json')).json()) as unknown as OpenApi;
  const require = createRequire(import.meta.url);
  const Ajv = require('ajv/dist/2020').default;
  const ajv = new Ajv({ strict: false, validateFormats: false });
  ajv.addSchema(document, 'openapi');
  const validate = ajv.getSchema('openapi#/components/schemas/Experiment');
  expect(validate(experimentDocument)).toBe(true);
  expect(validate({ ...experimentDocument, settings: { partitions: 0 } })).toBe(false);
  expect(validate({ ...experimentDocument, technology: 'kinesis', settings: { partitions: 4 } })).toBe(false);
  const detail = ajv.getSchema('openapi#/components/schemas/ExperimentDetail');
  const { get, post } = testApi();
  await post('/api/experiments', experimentDocument);
  const answer = await (await get('/api/experiments/exp-0001')).json();
  expect([detail(answer), detail.errors]).toEqual([true, null]);
});
