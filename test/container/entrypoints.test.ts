import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { execa } from 'execa';
import { projectRoot, readConfig } from '../../src/config.ts';
import type { ExperimentDetail } from '../../src/contracts/documents/api.ts';
import { identifyProcess } from '../../src/machine/identity.ts';
import { toolPaths } from '../../src/stack/setup/tools.ts';
import { type Container, type ContainerHost, startContainerHost } from '../support/containers.ts';
import { freePort } from '../support/free-port.ts';
import { experimentProcesses, findRemains, nothing } from '../support/oracles.ts';
import { until } from '../support/until.ts';

jest.setTimeout(400_000);

let host: ContainerHost;
beforeAll(async () => {
  host = await startContainerHost();
});
afterAll(() => host?.end());

const key = 'a-key-of-this-test';
const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
let url: string;

async function startApi(): Promise<Container> {
  const port = String(await freePort());
  url = `http://127.0.0.1:${port}`;
  const api = host.start('api', { COMPARATOR_PORT: port, COMPARATOR_API_KEYS: key });
  await until('the API to be ready', async () => (await fetch(`${url}/readyz`)).status === 200);
  return api;
}

async function submit(technology: string): Promise<string> {
  const answer = await fetch(`${url}/api/experiments`, {
    method: 'POST',
    headers,
    body: JSON.stringify({
      name: `in an image, ${technology}`,
      technology,
      workload: { load: { shape: 'constant', messagesPerSecond: 200 }, durationSeconds: 8, warmupSeconds: 2 },
    }),
  });
  const body = (await answer.json()) as { id: string };
  expect({ status: answer.status, body }).toMatchObject({ status: 202 });
  return body.id;
}

async function untilPhase(id: string, phase: string): Promise<ExperimentDetail> {
  const look = async () => {
    const answer = await fetch(`${url}/api/experiments/${id}`, { headers });
    const now = (await answer.json()) as ExperimentDetail;
    if (now.phase !== phase) throw new Error(`it is ${now.phase}, waits: ${JSON.stringify(now.waiting)}`);
    return now;
  };
  return await until(`${id} to be ${phase}`, look, { timeoutMs: 240_000, everyMs: 100 });
}

test('what an image holds beside its sources is made as its Dockerfile says, and a worker bundles nothing itself', async () => {
  expect(readFileSync(join(projectRoot, 'Dockerfile'), 'utf8')).toContain(
    'RUN node src/container/prepare.ts code',
  );
  const prepared = await host.run('worker', ['node', 'src/container/prepare.ts', 'code']);
  expect(prepared).toMatchObject({ exitCode: 0 });
  const folder = join(host.tools, 'workflows');
  const bundles = () => readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mtimeMs]);
  const before = bundles();
  expect(before).toHaveLength(1);
  const worker = await host.startWorker();
  expect(await worker.isHealthy()).toBe(false);
  await worker.untilHealthy();
  await worker.endInOrder(30_000);
  expect(bundles()).toEqual(before);
  expect(worker.output()).not.toMatch(/bundle/i);
});

test('a worker that is ended while terraform and while a load runs strands nothing, and the next goes on', async () => {
  const api = await startApi();
  await api.untilHealthy();
  expect((await fetch(`${url}/api/experiments`)).status).toBe(401);
  let worker = await host.startWorker();
  const id = await submit('kafka');

  await until('terraform to run', () =>
    experimentProcesses(host.home).some((one) => one.includes(' -chdir=')),
  );
  await worker.endInOrder(110_000);
  const left = await findRemains(host.home, host.stack.description.aws);
  expect([left.processes, left.stateLocks]).toEqual([[], []]);

  worker = await host.startWorker();
  await untilPhase(id, 'measuring');
  await worker.endInOrder(110_000);
  expect(experimentProcesses(host.home)).toEqual([]);

  worker = await host.startWorker();
  const { outcome, failure } = await untilPhase(id, 'closed');
  expect([outcome, failure]).toEqual(['completed', null]);
  expect(await findRemains(host.home, host.stack.description.aws)).toEqual(nothing);
  await worker.endInOrder(30_000);
  await api.endInOrder(10_000);
});

/** Pids of the control worker inside of a container. */
async function workersOf({ child }: Container): Promise<number[]> {
  const { stdout } = await execa('ps', ['-o', 'pid=,args=', '--ppid', String(child.pid)], { reject: false });
  const lines = stdout.split('\n').filter((line) => line.includes('src/worker.ts'));
  return lines.map((line) => Number.parseInt(line, 10));
}

test('a worker that crashes while a load runs is started again beside it, and the load goes on', async () => {
  const api = await startApi();
  const container = await host.startWorker();
  await container.untilHealthy();
  const id = await submit('nats');
  await untilPhase(id, 'measuring');
  const [crashed] = await workersOf(container);
  const before = experimentProcesses(host.home);
  expect(before.length).toBeGreaterThan(1);
  process.kill(crashed as number, 'SIGKILL');
  await until('another worker', async () => {
    const [now] = await workersOf(container);
    return now !== undefined && now !== crashed;
  });
  expect(before.filter((one) => identifyProcess(Number.parseInt(one, 10)) === null)).toEqual([]);
  const { outcome, failure } = await untilPhase(id, 'closed');
  expect([outcome, failure]).toEqual(['completed', null]);
  await container.endInOrder(30_000);
  await api.endInOrder(10_000);
});

test('a load generator registers, and ends at once when told to', async () => {
  const generator = host.start('generator', {
    COMPARATOR_EXPERIMENT_ID: 'image-test',
    COMPARATOR_RESULTS_BUCKET: 'comparator-results',
  });
  expect(await generator.isHealthy()).toBe(false);
  await generator.untilHealthy();
  await generator.endInOrder(10_000);
});

/** How a server answers a request that names it so, signed with a key. */
function ask(port: number, name: string, accessKeyId?: string): Promise<number> {
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261128/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0`;
  const headers = { host: name, ...(accessKeyId && { authorization }) };
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path: '/', headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.once('error', reject).end();
  });
}

test('the emulator answers its neighbours by the name that they know, and nobody without the key', async () => {
  const port = await freePort();
  const { ministackPython, ministackDoor } = toolPaths(readConfig());
  const folder = join(host.folder, 'emulator-data');
  mkdirSync(folder);
  const environment = {
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    DOOR_HOSTS: 'emulator',
    AWS_ACCESS_KEY_ID: 'the-key',
    TMPDIR: folder,
    S3_DATA_DIR: join(folder, 's3'),
    STATE_DIR: join(folder, 'state'),
  };
  const emulator = host.start('emulator', environment, [ministackPython, ministackDoor]);
  await until('the emulator', () => ask(port, '127.0.0.1'));
  expect(await ask(port, `emulator:${port}`, 'the-key')).toBe(200);
  expect(await ask(port, `emulator:${port}`, 'another-key')).toBe(403);
  expect(await ask(port, `emulator.evil.example:${port}`, 'the-key')).toBe(403);
  await emulator.endInOrder(10_000);
});

test('the door of Temporal’s Web UI opens to this machine, and to no page that is pointed here', async () => {
  const ui = createServer((_incoming, outgoing) => outgoing.end('the Web UI'));
  await new Promise<void>((resolve) => ui.listen(0, '127.0.0.1', resolve));
  const inner = `127.0.0.1:${(ui.address() as AddressInfo).port}`;
  const port = await freePort();
  const command = ['node', 'src/container/ui-door.ts', inner];
  const door = host.start('api', { COMPARATOR_TEMPORAL_UI_PORT: String(port) }, command);
  expect(await until('the door', () => ask(port, '127.0.0.1'))).toBe(302);
  expect(await ask(port, 'evil.example')).toBe(403);
  await door.endInOrder(5_000);
  ui.closeAllConnections();
  await new Promise((resolve) => ui.close(resolve));
});

test.each(['healthy', 'prepare', 'ui-door', 'worker'])(
  '%s refuses what it does not know',
  async (program) => {
    const { exitCode, stderr } = await host.run('api', ['node', `src/container/${program}.ts`, 'nonsense']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/instead of nonsense|nonsense is no number/);
  },
);
