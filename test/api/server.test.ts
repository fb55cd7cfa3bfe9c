import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { execa } from 'execa';
import { projectRoot } from '../../src/config.ts';
import { testAwsEnvironment } from '../loadgen/support/servers.ts';
import { freePort } from '../support/free-port.ts';

/** Starts the API in a process of its own, with neither Temporal nor S3 behind it. */
async function startServer(environment: Record<string, string>) {
  const port = String(await freePort());
  const home = mkdtempSync(join(tmpdir(), 'comparator-api-'));
  const child = execa(process.execPath, [join(projectRoot, 'src/api/server.ts')], {
    env: {
      ...testAwsEnvironment,
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      TEMPORAL_ADDRESS: '127.0.0.1:9',
      COMPARATOR_HOME: home,
      COMPARATOR_PORT: port,
      ...environment,
    },
    reject: false,
    timeout: 30_000,
  });
  void child.finally(() => rmSync(home, { recursive: true }));
  return { child, url: `http://127.0.0.1:${port}` };
}

test('refuses to serve beyond this machine without keys', async () => {
  const { child } = await startServer({ COMPARATOR_HOST: '0.0.0.0', COMPARATOR_API_KEYS: '' });
  const { exitCode, stderr } = await child;
  expect(exitCode).toBe(2);
  expect(stderr).toContain(
    'COMPARATOR_HOST=0.0.0.0 would serve beyond this machine, which needs COMPARATOR_API_KEYS or COMPARATOR_API_KEYS_FILE to be set; or leave COMPARATOR_HOST out',
  );
});

test('a file of keys that cannot be used is named, with what is wrong', async () => {
  const { child } = await startServer({ COMPARATOR_API_KEYS_FILE: 'package.json' });
  const { exitCode, stderr } = await child;
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(
    /keys of COMPARATOR_API_KEYS_FILE cannot be used:.*package\.json.*comparator explain keys/s,
  );
});

test('a setting that cannot be used is named', async () => {
  const { child } = await startServer({ COMPARATOR_PORT: 'eighty' });
  const { exitCode, stderr } = await child;
  expect(exitCode).toBe(2);
  expect(stderr).toContain('COMPARATOR_PORT');
});

test('serves while Temporal and S3 are away, says which, logs JSON lines, and stops on SIGTERM', async () => {
  const { child, url } = await startServer({});
  const lines: { msg: string }[] = [];
  for await (const line of createInterface({ input: child.stdout as Readable })) {
    lines.push(JSON.parse(line));
    if (lines.at(-1)?.msg === 'listening') break;
  }
  const readiness = await fetch(`${url}/readyz`);
  expect(readiness.status).toBe(503);
  const { checks } = (await readiness.json()) as { checks: Record<string, string> };
  expect(checks.temporal).toMatch(/^Temporal /);
  expect(checks.storage).toMatch(/^S3 /);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  child.kill('SIGTERM');
  const { exitCode, signal } = await child;
  expect([exitCode, signal]).toEqual([0, undefined]);
});

test.each(['Content-Length: 500', 'Transfer-Encoding: chunked'])(
  'a client that goes away in the middle of a body of %s is no fault of ours',
  async (sized) => {
    const { child, url } = await startServer({});
    const body = sized.endsWith('chunked') ? '7\r\n{"name"\r\n' : '{"name"';
    const lines: { msg: string; status?: number }[] = [];
    for await (const line of createInterface({ input: child.stdout as Readable })) {
      lines.push(JSON.parse(line));
      if (lines.at(-1)?.msg === 'request') break;
      if (lines.at(-1)?.msg !== 'listening') continue;
      const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {});
      socket.write(
        `POST /api/experiments HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n${sized}\r\n\r\n${body}`,
        () => socket.destroy(),
      );
    }
    expect(lines.at(-1)).toMatchObject({ msg: 'request', status: 400 });
    expect(lines.map(({ msg }) => msg)).not.toContain('failed');
    child.kill('SIGTERM');
    await child;
  },
);
