import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { type Config, readConfig } from '../../src/config.ts';
import type { ProcessIdentity } from '../../src/contracts/storage/process.ts';
import { stackSchema } from '../../src/contracts/storage/stack.ts';
import { identifyProcess, isAlive } from '../../src/machine/identity.ts';
import { awsKeys } from '../../src/stack/processes/aws-keys.ts';
import { ensureTools } from '../../src/stack/setup/ensure.ts';
import { findRunningStack, type RunningStack, startStack } from '../../src/stack/stack.ts';
import { until } from '../support/until.ts';

// Real servers on a fresh home, killed and stopped for real.
const home = mkdtempSync(join(tmpdir(), 'comparator-stack-'));
const config: Config = readConfig({
  COMPARATOR_HOME: home,
  COMPARATOR_TOOLS: readConfig().tools,
  COMPARATOR_PORT: '1', // not started here, and nobody else's
});
const names = ['aws', 'temporal'] as const;
const reported: string[] = [];
const options = { processes: names, report: (line: string) => reported.push(line) };
let stack: RunningStack;

beforeAll(async () => {
  await ensureTools(config, console.error);
  stack = await startStack(config, options);
}, 300_000);

afterAll(async () => {
  await stack?.stop();
  rmSync(home, { recursive: true });
}, 60_000);

test('stack.json says where everything is', () => {
  expect(readStackFile()).toEqual(stack.description);
  expect(stack.config.temporal.address).toBe(stack.description.temporal.address);
  expect(stack.config.aws.endpointUrl).toBe(stack.description.aws.url);
  expect(findRunningStack(config)).toEqual({ pid: process.pid, description: stack.description });
});

test.each(names)('%s listens on loopback only', async (name) => {
  if (process.platform !== 'linux') return;
  const addresses = await listeningAddresses(stack.description[name].pid as number);
  expect(addresses.length).toBeGreaterThan(0);
  // 127/8, as the kernel writes it: the Web UI has an address in it that no page can guess.
  expect(addresses.filter((address) => !/^[0-9A-F]{6}7F$/.test(address))).toEqual([]);
});

test('a second stack on the same home is refused, with the first one’s process and address', async () => {
  const second = startStack(config, options);
  await expect(second).rejects.toThrow(
    `A stack runs already on ${home} (process ${process.pid}, ${stack.description.api.url}).`,
  );
});

test('a killed Temporal server is restarted with its workflows', async () => {
  const started = await withTemporal((client) =>
    client.workflow.start('experiment', { taskQueue: 'nobody', workflowId: 'kept', args: [] }),
  );
  const before = stack.description.temporal;
  await killAndAwaitRestart('temporal');
  expect(stack.description.temporal).toEqual({ ...before, pid: expect.any(Number) });
  expect(stack.description.temporal.pid).not.toBe(before.pid);
  expect(readStackFile()).toEqual(stack.description);
  expect(reported).toContainEqual(
    expect.stringMatching(/^temporal was ended by SIGKILL; starting it again\. Its log ends with:\n {4}/),
  );
  const description = await withTemporal((client) => client.workflow.getHandle('kept').describe());
  expect([description.runId, description.status.name]).toEqual([started.firstExecutionRunId, 'RUNNING']);
}, 60_000);

test('a killed AWS emulator is restarted with its objects', async () => {
  const s3 = new S3Client({
    endpoint: stack.description.aws.url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: awsKeys(config),
  });
  await s3.send(new CreateBucketCommand({ Bucket: 'kept' }));
  await s3.send(new PutObjectCommand({ Bucket: 'kept', Key: 'k', Body: 'v' }));
  await killAndAwaitRestart('aws');
  expect(readStackFile()).toEqual(stack.description);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'kept', Key: 'k' }));
  expect(await Body?.transformToString()).toBe('v');
  s3.destroy();
}, 60_000);

test('stop leaves no process and no stack.json, and the next start finds the same ports and state', async () => {
  const before = stack.description;
  const processes = names.map((name) => identifyProcess(before[name].pid as number) as ProcessIdentity);
  await stack.stop();
  expect(processes.filter(isAlive)).toEqual([]);
  expect(() => readStackFile()).toThrow('ENOENT');
  expect(findRunningStack(config)).toBeNull();

  stack = await startStack(config, options);
  expect(stack.description.temporal.address).toBe(before.temporal.address);
  expect(stack.description.aws.url).toBe(before.aws.url);
  const status = await withTemporal((client) => client.workflow.getHandle('kept').describe());
  expect(status.status.name).toBe('RUNNING');
}, 60_000);

test('a stack whose orchestrator was killed is ended by the next start', async () => {
  await stack.stop();
  const module = new URL('../../src/stack/stack.ts', import.meta.url).href;
  const configModule = new URL('../../src/config.ts', import.meta.url).href;
  const script = `
    const { startStack } = await import('${module}');
    const { readConfig } = await import('${configModule}');
    const stack = await startStack(readConfig(), { processes: ['aws', 'temporal'], report() {} });
    process.stdout.write(JSON.stringify(stack.description));
    process.kill(process.pid, 'SIGKILL');`;
  const environment = {
    ...process.env,
    COMPARATOR_HOME: home,
    COMPARATOR_TOOLS: config.tools,
    COMPARATOR_PORT: '1',
  };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    env: environment,
  }).catch((error) => error);
  const left = stackSchema.parse(JSON.parse(stdout));
  const processes = names.map((name) => identifyProcess(left[name].pid as number) as ProcessIdentity);
  expect(processes.every(isAlive)).toBe(true);

  stack = await startStack(config, options);
  expect(processes.filter(isAlive)).toEqual([]);
  expect(stack.description.temporal.address).toBe(left.temporal.address);
  expect(reported).toContain(
    `Ending temporal (process ${left.temporal.pid}), left behind by a stack that was killed.`,
  );
}, 60_000);

test('two stacks on fresh homes start at once beside it, on ports of their own', async () => {
  const homes = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'comparator-stack-')));
  const stacks = await Promise.all(homes.map((path) => startStack({ ...config, home: path }, options)));
  try {
    const all = [stack, ...stacks].flatMap(({ description: { temporal, aws } }) => [
      temporal.address,
      temporal.uiUrl,
      aws.url,
    ]);
    expect(new Set(all).size).toBe(9);
  } finally {
    await Promise.all(stacks.map((one) => one.stop()));
    for (const path of homes) rmSync(path, { recursive: true });
  }
}, 60_000);

test('a start that is broken off leaves nothing running', async () => {
  const path = mkdtempSync(join(tmpdir(), 'comparator-stack-'));
  const abort = new AbortController();
  const starting = startStack({ ...config, home: path }, { ...options, signal: abort.signal });
  await until('two processes to be recorded', () => readRecordedPids(path).length === 2, {
    timeoutMs: 50_000,
  });
  const processes = readRecordedPids(path);
  abort.abort();
  await expect(starting).rejects.toThrow('The start was broken off.');
  expect(processes.filter((pid) => identifyProcess(pid))).toEqual([]);
  rmSync(path, { recursive: true });
}, 60_000);

test('a process that cannot start fails the start, with the end of its log, and the others are stopped', async () => {
  const path = mkdtempSync(join(tmpdir(), 'comparator-stack-'));
  writeFileSync(join(path, 'temporal.db'), 'this is no database');
  const starting = startStack({ ...config, home: path }, options);
  await expect(starting).rejects.toThrow(/^temporal ended with exit code 1 .*Its log ends with:\n {4}/s);
  expect(findRunningStack({ ...config, home: path })).toBeNull();
  rmSync(path, { recursive: true });
}, 60_000);

test('a kept port that a stranger has taken is named, and nothing is started', async () => {
  const path = mkdtempSync(join(tmpdir(), 'comparator-stack-'));
  const stranger: Server = createServer();
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const { port } = stranger.address() as { port: number };
  writeFileSync(join(path, 'ports.json'), JSON.stringify({ aws: port }));
  const starting = startStack({ ...config, home: path }, options);
  await expect(starting).rejects.toThrow(
    `Port ${port}, which the AWS emulator of this home has had since its first start, is taken by another program.`,
  );
  await new Promise((resolve) => stranger.close(resolve));
  rmSync(path, { recursive: true });
});

function readStackFile() {
  return stackSchema.parse(JSON.parse(readFileSync(join(home, 'stack.json'), 'utf8')));
}

function readRecordedPids(path: string): number[] {
  try {
    const record = JSON.parse(readFileSync(join(path, 'stack-processes.json'), 'utf8'));
    return record.parts.map((part: { identity: ProcessIdentity }) => part.identity.pid);
  } catch {
    return [];
  }
}

async function killAndAwaitRestart(name: 'aws' | 'temporal'): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const unsubscribe = stack.onRestarted((restarted) => restarted === name && resolve());
  process.kill(stack.description[name].pid as number, 'SIGKILL');
  await promise;
  unsubscribe();
}

async function withTemporal<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: stack.description.temporal.address });
  try {
    return await work(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

/** The local addresses, as /proc/net/tcp writes them, on which a process listens. */
async function listeningAddresses(pid: number): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ls', ['-l', `/proc/${pid}/fd`]);
  const inodes = new Set([...stdout.matchAll(/socket:\[(\d+)\]/g)].map((match) => match[1]));
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A' && inodes.has(fields[9]))
      .map((fields) => fields[1]?.split(':')[0] ?? ''),
  );
}
