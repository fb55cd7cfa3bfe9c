import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { type Config, readConfig } from '../../src/config.ts';
import type { ExperimentDetail } from '../../src/contracts/documents/api.ts';
import { apiProcess, apiUrl } from '../../src/stack/processes/api.ts';
import type { Servers } from '../../src/stack/processes/environment.ts';
import type { StackProcess } from '../../src/stack/processes/stack-process.ts';
import { SupervisedProcess } from '../../src/stack/processes/supervised-process.ts';
import { workerProcess } from '../../src/stack/processes/worker.ts';
import { ensureTools } from '../../src/stack/setup/ensure.ts';
import { type RunningStack, startStack } from '../../src/stack/stack.ts';
import { freePort } from '../support/free-port.ts';
import { findRemains, nothing, testStore } from '../support/oracles.ts';
import { startTemporal } from '../support/temporal.ts';
import { until } from '../support/until.ts';
import { type SecuredTemporal, startSecuredTemporal, temporalApiKey } from './support/secured-temporal.ts';

/**
 * Two processes of the API and two workers of one home, against a Temporal that asks for a client certificate and an API
 * key. While experiments run, each of the four is replaced, one after another, as a deploy does it.
 */

jest.setTimeout(900_000);

const apiKey = 'a-key-of-this-test';
let temporal: TestWorkflowEnvironment;
let secured: SecuredTemporal;
let folder: string;
let config: Config;
let servers: Servers;
let aws: RunningStack;
const before = { ...process.env };
const crashes: string[] = [];
const alive = new Set<SupervisedProcess>();
let started = 0;

beforeAll(async () => {
  temporal = await startTemporal();
  secured = await startSecuredTemporal(temporal.address);
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'comparator-rolling-')));
  const environment = {
    TEMPORAL_ADDRESS: secured.address,
    TEMPORAL_API_KEY: temporalApiKey,
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: join(secured.folder, 'ca.pem'),
    TEMPORAL_TLS_CLIENT_CERT_PATH: join(secured.folder, 'client.pem'),
    TEMPORAL_TLS_CLIENT_KEY_PATH: join(secured.folder, 'client.key'),
    COMPARATOR_API_KEYS: apiKey,
    COMPARATOR_HOME: join(folder, 'home'),
  };
  Object.assign(process.env, environment);
  config = readConfig({ ...process.env, AWS_ENDPOINT_URL: '' });
  mkdirSync(config.home);
  await ensureTools(config, () => {});
  aws = await startStack(config, { processes: ['aws'], report: () => {} });
  const { url, accessKeyId, secretAccessKey } = aws.description.aws;
  const keys = { accessKeyId: accessKeyId as string, secretAccessKey: secretAccessKey as string };
  servers = { temporal: { address: secured.address, uiUrl: null }, aws: { url, keys } };
}, 300_000);

afterAll(async () => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
  await Promise.all([...alive].map(stop));
  await aws?.stop();
  await secured?.close();
  await temporal?.teardown();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts one beside those that run; returns once it serves. */
async function start(definition: StackProcess): Promise<SupervisedProcess> {
  started += 1;
  const logFile = join(config.home, 'logs', `${definition.name}-${started}.log`);
  const one = new SupervisedProcess(
    { ...definition, command: { ...definition.command, logFile } },
    {
      onLaunched() {},
      onCrashed: (name, reason, lines) => void crashes.push(`${name} ${reason}: ${lines.join('\n')}`),
      onRestarted() {},
    },
  );
  alive.add(one);
  await one.start();
  return one;
}

async function stop(one: SupervisedProcess): Promise<void> {
  alive.delete(one);
  await one.stop();
}

const startWorker = () => start(workerProcess(config, servers, null));

/** An API with a home and a port of its own. */
async function startApi(): Promise<{ process: SupervisedProcess; url: string }> {
  const own = {
    ...config,
    home: join(folder, `api-${started}`),
    api: { ...config.api, port: await freePort() },
  };
  mkdirSync(own.home);
  const process = await start(apiProcess(own, servers));
  return { process, url: apiUrl(own) };
}

const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };

async function submit(url: string, name: string): Promise<string> {
  const experiment = {
    name,
    technology: 'nats',
    target: 'local',
    workload: {
      messageSizeBytes: 200,
      load: { shape: 'constant', messagesPerSecond: 200 },
      warmupSeconds: 1,
      maxWarmupSeconds: 1,
      durationSeconds: 3,
    },
  };
  const answer = await fetch(`${url}/api/experiments`, {
    method: 'POST',
    headers,
    body: JSON.stringify(experiment),
  });
  expect(answer.status).toBe(202);
  return ((await answer.json()) as { id: string }).id;
}

async function detail(url: string, id: string): Promise<ExperimentDetail> {
  return (await (await fetch(`${url}/api/experiments/${id}`, { headers })).json()) as ExperimentDetail;
}

test('each of the four is replaced while experiments run, and nothing is lost or measured twice', async () => {
  const workers = [await startWorker(), await startWorker()];
  const apis = [await startApi(), await startApi()];
  const ids: string[] = [];
  const urlOf = (index: number) => (apis[index] as (typeof apis)[number]).url;
  const more = async () =>
    ids.push(await submit(urlOf(0), `one ${ids.length}`), await submit(urlOf(1), `two ${ids.length}`));
  const untilMeasuring = (id: string) =>
    until(
      `${id} to be measured`,
      async () =>
        ['measuring', 'draining', 'uploading', 'destroying', 'closed'].includes(
          (await detail(urlOf(0), id)).phase,
        ),
      { timeoutMs: 240_000 },
    );
  await more();
  await untilMeasuring(ids[0] as string);
  for (const index of [0, 1]) {
    // Each time something is under way: a load, a terraform, or what waits.
    const worker = await startWorker();
    await stop(workers[index] as SupervisedProcess);
    workers[index] = worker;
    await more();
    const api = await startApi();
    await stop((apis[index] as (typeof apis)[number]).process);
    apis[index] = api;
    await more();
    await untilMeasuring(ids[index * 2 + 1] as string);
  }
  expect(ids).toHaveLength(10);
  const ends = await until(
    'all to close',
    async () => {
      const details = await Promise.all(ids.map((id, index) => detail(urlOf(index % 2), id)));
      return details.every(({ phase }) => phase === 'closed') && details;
    },
    { timeoutMs: 420_000, everyMs: 1_000 },
  );
  expect(ends.map(({ outcome, failure, restarts }) => ({ outcome, failure, restarts }))).toEqual(
    ids.map(() => ({ outcome: 'completed', failure: null, restarts: 0 })),
  );
  const store = testStore(aws.description.aws);
  for (const id of ids) {
    const keys = await store.list(`experiments/${id}/`);
    const sessions = new Set(keys.flatMap((key) => /\/(session-\d+)\//.exec(key)?.[1] ?? []));
    expect([id, keys.filter((key) => key.endsWith('/result.json')).length, [...sessions]]).toEqual([
      id,
      1,
      ['session-1'],
    ]);
  }
  // Both tell of all of them alike.
  for (const { url } of apis) {
    const list = (await (await fetch(`${url}/api/experiments?limit=100`, { headers })).json()) as {
      items: { id: string }[];
    };
    expect(list.items.map(({ id }) => id).sort()).toEqual([...ids].sort());
  }
  expect(await findRemains(config.home, aws.description.aws)).toEqual(nothing);
  expect(crashes).toEqual([]);
});
