import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { identifyProcess } from '../src/machine/identity.ts';
import { until } from './support/until.ts';

// A tiny project whose npm is a stand-in: it notes each call, takes a while and makes node_modules as npm does.
let project: string;
const source = fileURLToPath(new URL('../src', import.meta.url));

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'comparator-bootstrap-'));
  for (const folder of ['src/cli', 'src/scripts', 'bin'])
    mkdirSync(join(project, folder), { recursive: true });
  for (const name of ['bootstrap.mjs', 'end-with-bootstrap.mjs']) {
    copyFileSync(join(source, name), join(project, 'src', name));
  }
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
  writeLock('1.0.0');
  writeFileSync(join(project, 'src/cli/main.ts'), main);
  writeFileSync(join(project, 'src/scripts/greet.ts'), `console.log('script', ...process.argv.slice(2));`);
  mkdirSync(join(project, 'src/scripts/room'));
  writeFileSync(join(project, 'src/scripts/room/greet.ts'), '');
  writeExecutable(join(project, 'bin/npm'), npm);
});

afterEach(() => rmSync(project, { recursive: true }));

const main = `
const [what, value] = process.argv.slice(2);
if (what === 'exit') process.exit(Number(value));
if (what === 'reach') {
  const { no_proxy, no_grpc_proxy, https_proxy } = process.env;
  console.log(JSON.stringify({ text: await (await fetch(value)).text(), no_proxy, no_grpc_proxy, https_proxy }));
  process.exit(0);
}
if (what === 'die') process.kill(process.pid, 'SIGTERM');
if (what === 'wait') {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(signal === value ? 42 : 1));
  setInterval(() => {}, 1000);
}
console.log(JSON.stringify({ what, pid: process.pid, cwd: process.cwd(), node: process.execPath }));
`;

const npm = `#!${process.execPath}
import { appendFileSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
appendFileSync('npm-calls', process.argv.slice(2, 3) + '\\n');
console.log('npm talks');
rmSync('node_modules', { recursive: true, force: true });
mkdirSync('node_modules/a', { recursive: true });
process.on('SIGTERM', () => process.exit(1));
setTimeout(() => {
  writeFileSync('node_modules/a/package.json', '{}');
  copyFileSync('package-lock.json', 'node_modules/.package-lock.json');
  process.exit(0);
}, Number(process.env.NPM_TAKES_MS ?? 0));
`;

test('installs the packages once, and says so on standard error only', async () => {
  const first = await run(['hello']);
  expect(first.code).toBe(0);
  expect(JSON.parse(first.stdout)).toMatchObject({ what: 'hello' });
  expect(first.stderr).toMatch(/^Installing npm packages.*npm talks\nnpm packages installed in \d+ s\.\n$/s);
  const second = await run(['hello']);
  expect([second.code, second.stderr, npmCalls()]).toEqual([0, '', ['ci']]);
});

test('installs again when package-lock.json has changed', async () => {
  await run(['hello']);
  writeLock('2.0.0');
  await run(['hello']);
  expect(npmCalls()).toEqual(['ci', 'ci']);
});

test('accepts packages that were installed by hand', async () => {
  installByHand('1.0.0');
  expect([(await run(['hello'])).code, npmCalls()]).toEqual([0, []]);
});

test('accepts missing development packages, except for scripts', async () => {
  writeLock('1.0.0', { 'node_modules/b': { version: '1.0.0', dev: true } });
  installByHand('1.0.0');
  expect([(await run(['hello'])).code, npmCalls()]).toEqual([0, []]);
  await run(['--script', 'greet']);
  expect(npmCalls()).toEqual(['ci']);
});

test('does not miss packages of other platforms', async () => {
  writeLock('1.0.0', { 'node_modules/b': { version: '1.0.0', optional: true } });
  installByHand('1.0.0');
  expect([(await run(['hello'])).code, npmCalls()]).toEqual([0, []]);
});

test('what is on this machine is reached past a proxy, which stays for everything else', async () => {
  const server = createServer((_, response) => response.end('here')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const nowhere = 'http://127.0.0.1:9';
  const names = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'];
  const environment = {
    ...Object.fromEntries(names.map((name) => [name, nowhere])),
    NODE_USE_ENV_PROXY: '1',
    no_proxy: 'intranet.example',
    no_grpc_proxy: 'grpc.example',
  };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { stdout, stderr } = await run(['reach', url], { environment });
  server.close();
  expect([stdout, stderr]).toEqual([expect.stringContaining('"text":"here"'), expect.anything()]);
  expect(JSON.parse(stdout)).toMatchObject({
    no_proxy: 'intranet.example,127.0.0.1,localhost,::1',
    no_grpc_proxy: 'grpc.example,127.0.0.1,localhost,::1',
    https_proxy: nowhere,
  });
});

test('two at once install once', async () => {
  const environment = { NPM_TAKES_MS: '700' };
  const both = await Promise.all([run(['hello'], { environment }), run(['hello'], { environment })]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(npmCalls()).toEqual(['ci']);
  expect(both.map(({ stderr }) => stderr).join('')).toContain(
    'is installing the npm packages; waiting for it',
  );
});

test('begins the install again after one that was broken off', async () => {
  const bootstrap = await startInstalling();
  const ended = once(bootstrap, 'exit');
  bootstrap.kill('SIGTERM');
  expect(await ended).toEqual([143, null]);
  expect((await run(['hello'])).code).toBe(0);
  expect(npmCalls()).toEqual(['ci', 'ci']);
});

test('waits for the npm that a killed bootstrap left at work', async () => {
  const bootstrap = await startInstalling();
  const ended = once(bootstrap, 'exit');
  bootstrap.kill('SIGKILL');
  await ended;
  const { code, stderr } = await run(['hello']);
  expect([code, stderr]).toEqual([
    0,
    expect.stringContaining('is installing the npm packages; waiting for it'),
  ]);
  expect(npmCalls()).toEqual(['ci']);
});

test('an npm that fails, or is missing, is reported', async () => {
  writeExecutable(join(project, 'bin/npm'), '#!/bin/sh\nexit 7\n');
  const failed = await run(['hello']);
  expect([failed.code, failed.stderr]).toEqual([
    1,
    expect.stringContaining('npm ci failed with exit code 7'),
  ]);
  rmSync(join(project, 'bin/npm'));
  const missing = await run(['hello']);
  expect([missing.code, missing.stderr]).toEqual([
    1,
    expect.stringContaining('npm was not found on the PATH; it comes with Node.js.'),
  ]);
});

test.each([
  [['exit', '7'], 7],
  [['die'], 143],
  [['--script', 'greet', 'a'], 0],
  [['--script', 'room/greet'], 0],
  [['--script', 'nonsense'], 2],
  [['--script', '../cli/main'], 2],
])('%j ends with %i', async (args, code) => {
  installByHand('1.0.0');
  expect((await run(args)).code).toBe(code);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('passes %s on and waits for the end', async (signal) => {
  installByHand('1.0.0');
  const bootstrap = start(['wait', signal]);
  await once(bootstrap.stdout as NonNullable<ChildProcess['stdout']>, 'data');
  const ended = once(bootstrap, 'exit');
  bootstrap.kill(signal);
  expect(await ended).toEqual([42, null]);
});

test('the program does not outlive a killed bootstrap', async () => {
  installByHand('1.0.0');
  const bootstrap = start(['wait', 'none']);
  const [data] = await once(bootstrap.stdout as NonNullable<ChildProcess['stdout']>, 'data');
  const { pid } = JSON.parse(String(data));
  const program = identifyProcess(pid);
  expect(program).not.toBeNull();
  bootstrap.kill('SIGKILL');
  await until('its end', () => identifyProcess(pid) === null);
});

test('works through a symbolic link, from another folder', async () => {
  installByHand('1.0.0');
  const link = join(project, 'bin/comparator');
  symlinkSync('../src/bootstrap.mjs', link);
  const { code, stdout } = await run(['hello'], { file: link, cwd: tmpdir() });
  expect([code, JSON.parse(stdout).what]).toEqual([0, 'hello']);
});

test("prefers the project's Node 24, and passes over one that does not run", async () => {
  installByHand('1.0.0');
  const own = join(project, 'node_modules/.bin/node');
  mkdirSync(dirname(own));
  writeExecutable(own, '#!/bin/sh\nexit 127\n');
  expect(JSON.parse((await run(['hello'])).stdout).node).toBe(process.execPath);
  rmSync(join(project, 'node_modules/.comparator-packages.json'));
  writeExecutable(own, `#!/bin/sh\necho called >> "${project}/own-node"\nexec "${process.execPath}" "$@"\n`);
  await run(['hello']);
  expect(readFileSync(join(project, 'own-node'), 'utf8')).toBe('called\ncalled\n');
});

function writeLock(version: string, more: Record<string, object> = {}): void {
  const packages = { '': {}, 'node_modules/a': { version }, ...more };
  writeFileSync(join(project, 'package-lock.json'), JSON.stringify({ packages }));
}

/** As npm leaves it: without our stamp. */
function installByHand(version: string): void {
  mkdirSync(join(project, 'node_modules/a'), { recursive: true });
  writeFileSync(join(project, 'node_modules/a/package.json'), '{}');
  const packages = { 'node_modules/a': { version } };
  writeFileSync(join(project, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
}

function writeExecutable(file: string, content: string): void {
  writeFileSync(file, content);
  chmodSync(file, 0o755);
}

function npmCalls(): string[] {
  const file = join(project, 'npm-calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

interface RunOptions {
  environment?: Record<string, string>;
  file?: string;
  cwd?: string;
}

function start(args: string[], { environment = {}, file, cwd = project }: RunOptions = {}): ChildProcess {
  return spawn(process.execPath, [file ?? join(project, 'src/bootstrap.mjs'), ...args], {
    cwd,
    env: { PATH: join(project, 'bin'), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function run(
  args: string[],
  options: RunOptions = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = start(args, options);
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (data) => {
    stdout += data;
  });
  child.stderr?.on('data', (data) => {
    stderr += data;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

/** A bootstrap whose npm is in the middle of its work. */
async function startInstalling(): Promise<ChildProcess> {
  const bootstrap = start(['hello'], { environment: { NPM_TAKES_MS: '4000' } });
  await until('the first package', () => existsSync(join(project, 'node_modules/a')));
  return bootstrap;
}
