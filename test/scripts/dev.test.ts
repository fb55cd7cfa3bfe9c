import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { execa } from 'execa';
import { projectRoot } from '../../src/config.ts';
import { until } from '../support/until.ts';

const script = join(projectRoot, 'src', 'scripts', 'dev.ts');

test('the page is served from its sources, and its calls go to the API as its own', async () => {
  const asked: { path: string; headers: IncomingHttpHeaders }[] = [];
  const api = createServer(({ url = '', headers }, answer) => {
    asked.push({ path: url, headers });
    answer.setHeader('content-type', 'application/json').end('{"items":[],"nextCursor":null}');
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  const apiUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  const dev = execa(process.execPath, [script], { env: { COMPARATOR_URL: apiUrl }, reject: false });
  let told = '';
  dev.stderr.on('data', (chunk) => {
    told += chunk;
  });
  try {
    const url = await until('the page', () => /page is at (\S+),/.exec(told)?.[1], { timeoutMs: 30_000 });
    const index = await (await fetch(url)).text();
    expect(index).toContain('<script type="module"');
    // A view has a path of its own.
    expect(await (await fetch(new URL('/experiments/abc', url))).text()).toContain('<script type="module"');
    expect(await (await fetch(new URL('/main.tsx', url))).text()).toContain('createRoot');
    const body = '{}';
    const headers = { origin: new URL(url).origin };
    await fetch(new URL('/api/experiments?dryRun=true', url), { method: 'POST', body, headers });
    expect(asked.at(-1)).toMatchObject({
      path: '/api/experiments?dryRun=true',
      headers: { origin: apiUrl, host: new URL(apiUrl).host },
    });
    await fetch(new URL('/api/x', url), { method: 'POST', headers: { origin: 'http://evil.example' } });
    expect(asked.at(-1)?.headers.origin).toBe('http://evil.example');
    dev.kill('SIGINT');
    expect((await dev).exitCode).toBe(130);
  } finally {
    dev.kill('SIGKILL');
    api.close();
  }
}, 60_000);

test('without an API it says how to start one', async () => {
  const { exitCode, stderr } = await execa(process.execPath, [script], {
    env: { COMPARATOR_URL: 'http://127.0.0.1:9' },
    reject: false,
  });
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain('npm start');
}, 30_000);
