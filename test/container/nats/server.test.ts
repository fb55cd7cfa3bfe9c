import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { execa } from 'execa';
import { driver } from '../../../loadgen/drivers/nats/driver.ts';
import { inheritedEnvironment, projectRoot } from '../../../src/config.ts';
import { makeCertificate } from '../../../src/machine/clusters/own-certificate.ts';
import { createObjectStore, createS3Client } from '../../../src/storage/object-store.ts';
import { ToldTasks } from '../../../src/storage/server-tasks.ts';
import { natsSettingsSchema } from '../../../src/technologies/nats/settings.ts';
import { type Emulator, startEmulator } from '../../activities/home/support/emulator.ts';
import { Collector } from '../../loadgen/support/collector.ts';
import { until } from '../../support/until.ts';

/**
 * Servers as tasks on AWS run them, each at a loopback address of its own in place of one in a network: the program of the
 * image, real NATS servers, the emulator's S3, and an agent that says of a task what ECS says.
 */

jest.setTimeout(180_000);

const experimentId = 'nats-tasks-test';
const bucket = 'comparator-test';
/** No other test listens there, nor another run of this one. */
const network = `127.${randomInt(10, 250)}.${randomInt(1, 250)}`;
const names = ['server-1', 'server-2', 'server-3'];
/** Where tasks that took the place of others are. */
const moved = new Map<string, string>();
const hostOf = (name: string) => moved.get(name) ?? `${network}.${name.at(-1)}`;

let folder: string;
let emulator: Emulator;
let agent: Server;
let told: ToldTasks;
const children = new Map<string, ChildProcess>();
let collected: Collector | null = null;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'comparator-nats-tasks-'));
  emulator = await startEmulator(folder);
  agent = createServer(({ url = '' }, answer) => {
    answer.end(JSON.stringify({ Networks: [{ IPv4Addresses: [hostOf(url.slice(1))] }] }));
  });
  await new Promise<void>((resolve) => agent.listen(0, '127.0.0.1', resolve));
  Object.assign(inheritedEnvironment(), {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL: emulator.url,
    AWS_REGION: 'us-east-1',
    COMPARATOR_EXPERIMENT_ID: experimentId,
    COMPARATOR_RESULTS_BUCKET: bucket,
    TEMPORAL_ADDRESS: '127.0.0.1:1',
  });
  const store = createObjectStore(createS3Client({ region: 'us-east-1', endpointUrl: emulator.url }), bucket);
  await store.ensureBucket();
  told = new ToldTasks(store, experimentId);
  for (const name of names) startTask(name);
});

afterEach(async () => {
  await collected?.close();
  collected = null;
});

afterAll(async () => {
  for (const child of children.values()) child.kill('SIGTERM');
  await until('the tasks to end', () => [...children.values()].every((child) => child.exitCode !== null));
  await new Promise((resolve) => agent?.close(resolve));
  await emulator?.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

function startTask(name: string): void {
  const temporary = join(folder, name);
  mkdirSync(temporary, { recursive: true });
  const log = openSync(join(folder, `${name}.log`), 'a');
  const { port } = agent.address() as AddressInfo;
  const child = spawn('node', ['src/container/nats/server.ts'], {
    cwd: projectRoot,
    stdio: ['ignore', log, log],
    env: {
      ...inheritedEnvironment(),
      PATH: `${dirname(process.execPath)}:${inheritedEnvironment().PATH}`,
      TMPDIR: temporary,
      COMPARATOR_SERVER: name,
      COMPARATOR_SERVERS: String(names.length),
      COMPARATOR_SYNC_INTERVAL: '2m',
      ECS_CONTAINER_METADATA_URI_V4: `http://127.0.0.1:${port}/${name}`,
    },
  });
  children.set(name, child);
}

const stream = `cmp-test01-${experimentId}`;
const settings = natsSettingsSchema.parse({ hosting: 'fargate', replicas: 3, subjects: 3 });

function collect(session: string): Collector {
  collected = new Collector(settings, { serverTasks: 3, stream, subjectPrefix: stream }, session);
  return collected;
}

/** Pid of the NATS server that a task runs. */
async function serverOf(name: string): Promise<number> {
  const parent = children.get(name)?.pid;
  const { stdout } = await execa('ps', ['-o', 'pid=,args=', '--ppid', String(parent)], { reject: false });
  const line = stdout.split('\n').find((one) => one.includes('nats-server'));
  if (!line) throw new Error(`${name} runs no server: ${stdout}`);
  return Number.parseInt(line, 10);
}

/** Waits until a server is one of them, and all have all messages: before, some requests to them come to nothing. */
async function untilWhole(name: string) {
  const { certificate, key } = await makeCertificate('onlooker', null);
  await told.tellClient(certificate);
  const tls = { cert: certificate, key, rejectUnauthorized: false };
  const connection = await until('it to let clients in', () =>
    connect({ servers: hostOf(name), reconnect: false, tls }),
  );
  try {
    // It answers from itself only once it is one of them; and the leader says that it has all.
    return await until('it to catch up', async () => {
      const manager = await jetstreamManager(connection, { timeout: 1_000 });
      const { cluster, state } = await manager.streams.info(stream);
      const places = [cluster?.leader, ...(cluster?.replicas ?? []).map((replica) => replica.name)];
      const behind = cluster?.replicas?.filter(({ current, offline, lag }) => !current || offline || lag);
      return places.includes(name) && behind?.length === 0 && { state };
    });
  } finally {
    await connection.close();
  }
}

test('servers find each other, and whoever has told of itself is let in, over TLS; all arrives once', async () => {
  const all = collect('first');
  await all.openConsumers(driver, 2);
  await all.send(await all.openProducer(driver), 1_000);
  await all.received(1_000);
  expect(all.count('acknowledged')).toBe(1_000);
  expect(all.arrivals).toHaveLength(1_000);
  const servers = await told.servers();
  expect(servers.map(({ name, host }) => [name, host])).toEqual(names.map((name) => [name, hostOf(name)]));
});

test.each([
  ['in the open', async () => null, /TLS|tls/],
  ['with no certificate', async () => ({}), /certificate required|closed|ECONNRESET/i],
  [
    'with a certificate that is nobody’s',
    async () => {
      const { certificate: cert, key } = await makeCertificate('stranger', null);
      return { cert, key };
    },
    /unknown ca|bad certificate|closed|ECONNRESET/i,
  ],
])('who comes %s is not let in', async (_, tlsOf, reason) => {
  const own = await tlsOf();
  // Whom it finds there does not matter to who has no business there.
  const tls = own && { ...own, rejectUnauthorized: false };
  const refused = connect({ servers: hostOf('server-1'), timeout: 2_000, reconnect: false, tls }).then(
    async (connection) => {
      // TLS 1.3 lets a client through before the server has looked at its certificate.
      await connection.flush();
      await connection.close();
    },
  );
  await expect(refused).rejects.toThrow(reason);
});

test('a server that crashes is started again with what it had, and what was acknowledged is there', async () => {
  const all = collect('second');
  const producer = await all.openProducer(driver);
  await all.send(producer, 500);
  const crashed = await serverOf('server-2');
  process.kill(crashed, 'SIGKILL');
  await until('another server', async () => (await serverOf('server-2')) !== crashed);
  await all.send(producer, 500);
  await untilWhole('server-2');
  await all.openConsumers(driver, 1);
  // Those of the first test lie there, too.
  await until('all arrivals', () => all.arrivals.length >= 2_000);
  expect(all.count('acknowledged')).toBe(1_000);
});

test('no key of theirs lies anywhere but in their own folders', async () => {
  const store = createObjectStore(createS3Client({ region: 'us-east-1', endpointUrl: emulator.url }), bucket);
  for (const key of await store.list('')) expect(await store.getText(key)).not.toContain('PRIVATE KEY');
  for (const name of names)
    expect(readFileSync(join(folder, `${name}.log`), 'utf8')).not.toContain('PRIVATE');
});

test('a task that is ended ends its server; one that takes its place elsewhere, with nothing, is found and catches up', async () => {
  const server = await serverOf('server-3');
  const child = children.get('server-3');
  child?.kill('SIGTERM');
  await until('its end', () => child?.exitCode === 0, { timeoutMs: 20_000 });
  expect(() => process.kill(server, 0)).toThrow();

  rmSync(join(folder, 'server-3'), { recursive: true });
  moved.set('server-3', `${network}.13`);
  startTask('server-3');
  const { state } = await untilWhole('server-3');
  expect(state.messages).toBe(2_000);
  const all = collect('third');
  await all.send(await all.openProducer(driver), 300);
  expect(all.count('acknowledged')).toBe(300);
});
