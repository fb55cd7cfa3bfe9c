import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { ExperimentDetail, ExperimentRecord } from '../../src/contracts/documents/api.ts';
import { controlTaskQueue } from '../../src/contracts/temporal/names.ts';
import { type SecuredKafka, secretPassword, startSecuredKafka } from '../loadgen/support/secured-kafka.ts';
import { namedMetrics, sampleNames } from '../operations/named-metrics.ts';
import { testStore } from '../support/oracles.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { startTemporal } from '../support/temporal.ts';
import { until } from '../support/until.ts';
import { type SecuredTemporal, startSecuredTemporal, temporalApiKey } from './support/secured-temporal.ts';
import { type SpanCollector, startSpanCollector } from './support/span-collector.ts';

/** Who asked for what, metrics, logs, traces and secrets of a service on real parts, after two experiments. */

jest.setTimeout(600_000);

/** What must be found nowhere but where it was given. */
const canaries = {
  run: 'canary-key-of-ci-51a9c0ffee',
  operate: 'canary-key-of-ops-77b1e0ddba',
  plain: 'canary-plain-key-90210deadbeef',
};
const sha256 = (key: string) => createHash('sha256').update(key).digest('hex');
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

let temporal: TestWorkflowEnvironment;
let secured: SecuredTemporal;
let kafka: SecuredKafka;
let collector: SpanCollector;
let folder: string;
let stack: TestStack;
let measured: ExperimentDetail;
let cancelled: ExperimentDetail;
const before = { ...process.env };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cmp-test-operations-'));
  const keysFile = join(folder, 'keys.json');
  const keys = [
    { name: 'ci', role: 'run', sha256: sha256(canaries.run) },
    { name: 'ops', role: 'operate', sha256: sha256(canaries.operate) },
  ];
  writeFileSync(keysFile, JSON.stringify({ keys }));
  [temporal, kafka, collector] = await Promise.all([
    startTemporal(),
    startSecuredKafka({}),
    startSpanCollector(),
  ]);
  secured = await startSecuredTemporal(temporal.address);
  const environment = {
    TEMPORAL_ADDRESS: secured.address,
    TEMPORAL_API_KEY: temporalApiKey,
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: join(secured.folder, 'ca.pem'),
    TEMPORAL_TLS_CLIENT_CERT_PATH: join(secured.folder, 'client.pem'),
    TEMPORAL_TLS_CLIENT_KEY_PATH: join(secured.folder, 'client.key'),
    COMPARATOR_API_KEYS: canaries.plain,
    COMPARATOR_API_KEYS_FILE: keysFile,
    COMPARATOR_CLUSTERS: kafka.clustersFile,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: '200',
  };
  Object.assign(process.env, environment);
  stack = await startTestStack(() => {}, environment);
  measured = await closed(await submit('existing', 3));
  cancelled = await cancelIt(await submit('local', 60));
}, 600_000);

afterAll(async () => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
  await stack?.end();
  await secured?.close();
  await Promise.all([temporal?.teardown(), kafka?.stop(), collector?.close()]);
  rmSync(folder, { recursive: true, force: true });
});

const call = (path: string, key = canaries.operate, method = 'GET', body?: unknown) =>
  stack.call(method, path, body, bearer(key));

/** In a cluster of the user's, or with NATS on this machine. */
async function submit(target: 'existing' | 'local', durationSeconds: number): Promise<string> {
  const product =
    target === 'existing'
      ? { technology: 'kafka', settings: { cluster: 'scram-512', partitions: 2 } }
      : { technology: 'nats' };
  const workload = {
    messageSizeBytes: 200,
    load: { shape: 'constant', messagesPerSecond: 200 },
    warmupSeconds: 1,
    maxWarmupSeconds: 1,
    durationSeconds,
  };
  const answer = await call('/api/experiments', canaries.run, 'POST', {
    ...{ name: `operations, ${target}`, target, ...product, workload },
  });
  expect(answer.status).toBe(202);
  return ((await answer.json()) as { id: string }).id;
}

async function detailOf(id: string): Promise<ExperimentDetail> {
  return (await (await call(`/api/experiments/${id}`)).json()) as ExperimentDetail;
}

async function closed(id: string): Promise<ExperimentDetail> {
  const isClosed = async () => {
    const now = await detailOf(id);
    return now.phase === 'closed' && now;
  };
  return until(`${id} to close`, isClosed, { timeoutMs: 240_000, everyMs: 200 });
}

async function cancelIt(id: string): Promise<ExperimentDetail> {
  const isMeasuring = async () => (await detailOf(id)).phase === 'measuring';
  await until(`${id} to be measured`, isMeasuring, { timeoutMs: 120_000 });
  // Only now does the load have rates.
  await until('rates in a scrape', async () =>
    /comparator_load_messages_per_second\{side="consumed"\} [1-9]/.test(
      await (await call('/metrics')).text(),
    ),
  );
  const answer = await call(`/api/experiments/${id}/cancel`, canaries.operate, 'POST', { reason: 'enough' });
  expect(answer.status).toBe(202);
  return closed(id);
}

test('who submitted and who cancelled stands in the record, and in every change’s audit line', async () => {
  expect([measured.outcome, measured.failure]).toEqual(['completed', null]);
  expect([measured.submittedBy, measured.cancelRequestedBy]).toEqual(['ci', null]);
  expect(cancelled).toMatchObject({ outcome: 'cancelled', submittedBy: 'ci', cancelRequestedBy: 'ops' });
  const store = testStore(stack.stack.description.aws);
  const record = (await store.getJson(`experiments/${cancelled.id}/experiment.json`)) as ExperimentRecord;
  expect([record.submittedBy, record.cancelRequestedBy]).toEqual(['ci', 'ops']);
  const refused = await call(`/api/experiments/${measured.id}`, canaries.run, 'DELETE');
  expect(refused.status).toBe(403);
  const lines = await until('the last line of the audit', async () => {
    const texts = await Promise.all((await store.list('audit/')).map((key) => store.getText(key)));
    const all = texts
      .join('')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    return all.some(({ status }) => status === 403) && all;
  });
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        who: 'ci',
        what: 'POST /api/experiments',
        id: measured.id,
        outcome: 'accepted',
      }),
      expect.objectContaining({ who: 'ops', what: 'POST /api/experiments/{id}/cancel', id: cancelled.id }),
      expect.objectContaining({
        who: 'ci',
        what: 'DELETE /api/experiments/{id}',
        outcome: 'refused',
        status: 403,
      }),
    ]),
  );
});

test('all that alerts and dashboard name of workers is in a scrape of one, and durations of terraform are', async () => {
  const { metricsUrl } = stack.stack.description.worker;
  // What is only there once something fails: a workflow of a type that there is not, one that ends under its activity, and
  // a server that has enough of being asked for work.
  const stray = await stack.client.workflow.start('no-such-type', {
    taskQueue: controlTaskQueue,
    workflowId: 'stray',
  });
  const ended = await submit('local', 60);
  await until('it to be under way', async () => (await detailOf(ended)).phase !== 'queued');
  await stack.client.workflow.getHandle(ended).terminate('by a test');
  secured.limit(true);
  const wanted = namedMetrics(/^(temporal|comparator_terraform)_/);
  expect(wanted.length).toBeGreaterThan(8);
  const missing = async () => {
    const names = sampleNames(await (await fetch(metricsUrl as string)).text());
    return wanted.filter((name) => !names.has(name));
  };
  await until(
    'all of them',
    async () => {
      const still = await missing();
      if (still.length > 0) throw new Error(`missing: ${still.join(', ')}`);
      return true;
    },
    { timeoutMs: 90_000, everyMs: 1_000 },
  );
  secured.limit(false);
  const named = namedMetrics(/^(comparator_(?!terraform)|process_)/);
  await until('all that they name of the API in a scrape of it', async () => {
    const scraped = sampleNames(await (await call('/metrics')).text());
    const still = named.filter((name) => !scraped.has(name));
    if (still.length > 0) throw new Error(`missing: ${still.join(', ')}`);
    return true;
  });
  const scrape = await (await fetch(metricsUrl as string)).text();
  expect(scrape).toMatch(
    /comparator_terraform_duration_seconds_count\{[^}]*kind="apply"[^}]*technology="kafka"[^}]*\} 1/,
  );
  await stray.terminate('by a test');
  await until(
    'what was terminated to be gone',
    async () => (await call('/api/reap', canaries.operate, 'POST')).ok,
  );
});

test('every line of an activity has its experiment and its run', () => {
  const lines = readFileSync(join(stack.home, 'logs', 'worker.log'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const ofIt = lines.filter(({ experiment, activity }) => experiment === measured.id && activity);
  expect(ofIt.map(({ activity }) => activity)).toEqual(
    expect.arrayContaining([
      'acceptExperiment',
      'provision',
      'assembleResult',
      'destroy',
      'recordExperiment',
    ]),
  );
  for (const line of ofIt) expect(line).toMatchObject({ part: 'worker', run: measured.runId });
});

test('all about one experiment is one trace: its start by the API, and its activities', async () => {
  const traceId = sha256(measured.id).slice(0, 32);
  const own = () => collector.spans().filter((span) => span.traceId === traceId);
  await until('its last span', () => own().some(({ name }) => name.endsWith('recordExperiment')));
  const names = own().map(({ service, name }) => `${service} ${name}`);
  expect(names).toEqual(
    expect.arrayContaining([
      'comparator-api StartWorkflow:experiment',
      'comparator-worker RunActivity:acceptExperiment',
      'comparator-worker RunActivity:provision',
      'comparator-worker RunActivity:destroy',
    ]),
  );
});

test('the build id of who did it stands in the history', async () => {
  const { events } = await stack.client.workflow.getHandle(measured.id).fetchHistory();
  const ids = (events ?? []).flatMap(
    ({ workflowTaskCompletedEventAttributes: done }) => done?.workerVersion?.buildId ?? [],
  );
  expect(new Set(ids).size).toBe(1);
  expect(ids[0]).toMatch(/^\d+\.\d+\.\d+-[0-9a-f]{12}$/);
});

test('no secret is in any answer, object, history, file, log, metric or trace', async () => {
  const { aws, worker } = stack.stack.description;
  const secrets = [...Object.values(canaries), temporalApiKey, secretPassword, aws.secretAccessKey as string];
  const places = new Map<string, string>();
  const document = (await (await call('/openapi.json')).json()) as { paths: Record<string, object> };
  for (const [path, methods] of Object.entries(document.paths)) {
    // A stream has the same document, again and again.
    if (!('get' in methods) || path.endsWith('/events')) continue;
    for (const { id } of [measured, cancelled]) {
      const url = path.replace('{id}', id).replace('{file}', 'endToEnd.hgrm');
      places.set(`GET ${url}`, await (await call(url)).text());
    }
  }
  const store = testStore(aws);
  for (const key of await store.list(''))
    places.set(`s3 ${key}`, Buffer.from((await store.get(key)) ?? '').toString('latin1'));
  for await (const { workflowId, runId } of stack.client.workflow.list()) {
    const history = await stack.client.workflow.getHandle(workflowId, runId).fetchHistory();
    const payloads = JSON.stringify(history, (_, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    );
    places.set(`history ${workflowId}`, payloads);
  }
  const files = readdirSync(stack.home, { recursive: true, withFileTypes: true }).filter((file) =>
    file.isFile(),
  );
  for (const { parentPath, name } of files) {
    places.set(
      `file ${name}`,
      (places.get(`file ${name}`) ?? '') + readFileSync(join(parentPath, name), 'latin1'),
    );
  }
  places.set('metrics of the worker', await (await fetch(worker.metricsUrl as string)).text());
  places.set('traces', collector.everything());
  expect(places.size).toBeGreaterThan(60);
  // Where a home keeps the key of its own emulator, for this user alone, as the README says.
  const kept = ['file stack.json', 'file keys.json'];
  const found = [...places].flatMap(([place, text]) =>
    secrets.some((secret) => text.includes(secret)) && !kept.includes(place) ? [place] : [],
  );
  expect(found).toEqual([]);
  // The search finds what is there: a name that is no secret.
  expect([...places].filter(([, text]) => text.includes('operations, existing')).length).toBeGreaterThan(5);
});
