import { once } from 'node:events';
import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { testApi } from '../support/test-api.ts';

const api = testApi();
let server: Server;
let port: number;

beforeAll(async () => {
  api.gateway.add('exp-0001').waitsForRetry = true;
  api.gateway.add('cmp-0001', { type: 'comparison' });
  server = serve({ fetch: api.app.fetch, hostname: '127.0.0.1', port: 0 }) as Server;
  if (!server.listening) await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

interface Form {
  headers: Record<string, string>;
  body: string;
}

/** Sends exactly these headers, and no others of its own making that say anything of the body. */
async function post(path: string, { headers, body }: Form): Promise<{ status: number; text: string }> {
  const call = request({ host: '127.0.0.1', port, path, method: 'POST', headers });
  call.end(body);
  const [response] = await once(call, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, text };
}

const json = { 'Content-Type': 'application/json' };
const sized = (body: string) => ({ 'Content-Length': String(Buffer.byteLength(body)) });

/** Ways to say nothing, as clients do. */
const silent: [string, Form][] = [
  ['no type and no body', { headers: sized(''), body: '' }],
  ['no type and no body of unknown length', { headers: { 'Transfer-Encoding': 'chunked' }, body: '' }],
  ['JSON by its type and an empty body', { headers: { ...json, ...sized('') }, body: '' }],
  ['JSON by its type, chunked and empty', { headers: { ...json, 'Transfer-Encoding': 'chunked' }, body: '' }],
  ['JSON by its type and a line break', { headers: { ...json, ...sized('\r\n') }, body: '\r\n' }],
  [
    'a form by its type and an empty body, as curl -d "" sends it',
    { headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...sized('') }, body: '' },
  ],
  ['null', { headers: { ...json, ...sized('null') }, body: 'null' }],
  ['an empty object', { headers: { ...json, ...sized('{}') }, body: '{}' }],
];

const calls = [
  {
    path: '/api/experiments/exp-0001/cancel',
    given: { reason: 'too slow' },
    heard: () => api.gateway.signals.at(-1),
    silence: { id: 'exp-0001', reason: null },
    word: { id: 'exp-0001', reason: 'too slow' },
  },
  {
    path: '/api/comparisons/cmp-0001/cancel',
    given: { reason: 'enough' },
    heard: () => api.gateway.signals.at(-1),
    silence: { id: 'cmp-0001', reason: null },
    word: { id: 'cmp-0001', reason: 'enough' },
  },
  {
    path: '/api/experiments/exp-0001/retry-destroy',
    given: { breakLock: 'a1b2' },
    heard: () => api.gateway.retries.at(-1),
    silence: { id: 'exp-0001', breakLock: null },
    word: { id: 'exp-0001', breakLock: 'a1b2' },
  },
];

describe.each(calls)('POST $path over HTTP', ({ path, given, heard, silence, word }) => {
  test.each(silent)('takes %s', async (_, form) => {
    api.gateway.signals.length = 0;
    api.gateway.retries.length = 0;
    expect(await post(path, form)).toMatchObject({ status: 202 });
    expect(heard()).toEqual(silence);
  });

  test('takes a document', async () => {
    const body = JSON.stringify(given);
    expect(await post(path, { headers: { ...json, ...sized(body) }, body })).toMatchObject({ status: 202 });
    expect(heard()).toEqual(word);
  });

  test('takes a document as curl -d sends it', async () => {
    const body = JSON.stringify(given);
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', ...sized(body) };
    expect(await post(path, { headers, body })).toMatchObject({ status: 202 });
    expect(heard()).toEqual(word);
  });

  test.each([
    ['{"reason": ', json, 415],
    ['{"because": "x"}', json, 422],
    ['reason=x', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415],
  ])('refuses %s as a problem', async (body, headers, status) => {
    const answer = await post(path, { headers: { ...headers, ...sized(body) }, body });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({ type: 'about:blank', status });
  });
});

test('every call whose body is optional is among those above', async () => {
  const document = (await (await api.get('/openapi.json')).json()) as unknown as {
    paths: Record<string, Record<string, { requestBody?: { required?: boolean } }>>;
  };
  const optional = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.values(methods).some(({ requestBody }) => requestBody && !requestBody.required) ? [path] : [],
  );
  const tried = calls.map(({ path }) => path.replace(/(exp|cmp)-0001/, '{id}'));
  expect(optional.sort()).toEqual(tried.sort());
});
