import { existsSync, mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type Config, readConfig } from '../../../src/config.ts';
import { awsKeys } from '../../../src/stack/processes/aws-keys.ts';
import { ensureTools } from '../../../src/stack/setup/ensure.ts';
import { type RunningStack, startStack } from '../../../src/stack/stack.ts';
import { testStore } from '../../support/oracles.ts';

// What a web page that the user visits, or another user of the machine, can do to the real emulator of a stack.
const home = realpathSync(mkdtempSync(join(tmpdir(), 'comparator-door-')));
const config: Config = readConfig({
  COMPARATOR_HOME: home,
  COMPARATOR_TOOLS: readConfig().tools,
  COMPARATOR_PORT: '1', // not started here
});
let stack: RunningStack;

beforeAll(async () => {
  await ensureTools(config, console.error);
  stack = await startStack(config, { processes: ['aws'], report: () => {} });
  await testStore(stack.description.aws).ensureBucket();
  await testStore(stack.description.aws).putJson('kept', { kept: true });
}, 300_000);

afterAll(async () => {
  await stack?.stop();
  rmSync(home, { recursive: true, force: true });
}, 60_000);

const signed = (key: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${key}/20261126/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0`,
});

/** Sends what `fetch` would not let a test send, as a browser or a stranger's program does. */
function ask(method: string, path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>(
    (resolve, reject) => {
      const outgoing = request(`${stack.description.aws.url}${path}`, { method, headers }, (answer) => {
        let body = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          body += chunk;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
      });
      outgoing.once('error', reject).end();
    },
  );
}

const key = () => awsKeys(config).accessKeyId;

test.each([
  [
    'a preflight',
    'OPTIONS',
    '/x',
    () => ({ origin: 'https://evil.example', 'access-control-request-method': 'PUT' }),
  ],
  ['a page that knows the key', 'GET', '/', () => ({ origin: 'https://evil.example', ...signed(key()) })],
  ['a page of this very machine', 'GET', '/', () => ({ origin: 'http://127.0.0.1:3000', ...signed(key()) })],
  ['an opaque request of a page', 'GET', '/', () => ({ 'sec-fetch-site': 'cross-site', ...signed(key()) })],
  ['a name that was rebound', 'GET', '/', () => ({ host: 'evil.example', ...signed(key()) })],
  ['a reset', 'POST', '/_ministack/reset', () => ({})],
  ['a reset by who has the key', 'POST', '/_ministack/reset', () => signed(key())],
  ['the inner settings', 'POST', '/_ministack/config', () => signed(key())],
  ['no key', 'GET', '/comparator-results/kept', () => ({})],
  [
    "another home's key",
    'GET',
    '/comparator-results/kept',
    () => signed('CMP0000000000000000000000000000000000'),
  ],
  ['the key that emulators are known for', 'GET', '/comparator-results/kept', () => signed('test')],
])('refuses %s', async (_what, method, path, headers) => {
  const answer = await ask(method, path, headers());
  expect(answer.status).toBe(403);
  expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  expect(await testStore(stack.description.aws).getJson('kept')).toEqual({ kept: true });
});

test('a service that nothing uses is not there, and code cannot be uploaded', async () => {
  const headers = {
    authorization: signed(key()).authorization.replace('/s3/', '/lambda/'),
    'content-type': 'application/json',
  };
  const answer = await ask('POST', '/2015-03-31/functions', headers);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.body).not.toContain('FunctionArn');
});

test('S3 and Kinesis answer who has the key', async () => {
  const kinesis = new KinesisClient({
    region: 'us-east-1',
    endpoint: stack.description.aws.url,
    credentials: awsKeys(config),
    requestHandler: new NodeHttpHandler(),
  });
  expect((await kinesis.send(new ListStreamsCommand({}))).StreamNames).toEqual([]);
  kinesis.destroy();
});

test('the keys are random for each home, and readable by this user only', () => {
  const other = mkdtempSync(join(tmpdir(), 'comparator-door-'));
  try {
    expect(awsKeys({ home: other }).accessKeyId).not.toBe(key());
    expect(awsKeys({ home: other })).toEqual(awsKeys({ home: other }));
  } finally {
    rmSync(other, { recursive: true });
  }
  const modeOf = (path: string) => (statSync(join(home, path)).mode & 0o777).toString(8);
  expect([modeOf('aws/keys.json'), modeOf('stack.json'), modeOf('.')]).toEqual(['600', '600', '700']);
});

test('the emulator leaves nothing outside its home', () => {
  const port = new URL(stack.description.aws.url).port;
  expect(existsSync(join(tmpdir(), `ministack-${port}.pid`))).toBe(false);
});
