import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { servedApi } from '../../cli/support/served-api.ts';
import {
  comparisonDocument,
  comparisonRecord,
  experimentDocument,
  experimentRecord,
} from '../../support/documents.ts';

let api: Awaited<ReturnType<typeof servedApi>>;
beforeAll(async () => {
  api = await servedApi();
  api.gateway.add('open-0001').waitsForRetry = true;
  api.gateway.add('open-0002', { type: 'comparison' });
});
afterAll(() => api.close());

interface Form {
  headers?: string[];
  body?: string | Buffer;
  /** Sent in chunks, without saying how much it is. */
  chunked?: boolean;
}

/** Sends these bytes and no others, and waits until the server has closed the connection. */
async function send(method: string, path: string, { headers = [], body = '', chunked = false }: Form) {
  const bytes = Buffer.from(body as string);
  const sized = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${bytes.length}`;
  const head = [`${method} ${path} HTTP/1.1`, 'Host: 127.0.0.1', 'Connection: close', sized, ...headers];
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  // A server that refuses what is still being sent may close before it has come.
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect');
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  socket.write(chunked ? Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes]) : bytes);
  if (chunked) socket.write(bytes.length > 0 ? '\r\n0\r\n\r\n' : '\r\n');
  await closed;
  const answer = text.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '');
  const [answerHead = '', ...rest] = answer.split('\r\n\r\n');
  return {
    status: Number(answer.split(' ')[1]),
    head: answerHead.toLowerCase(),
    body: rest.join('\r\n\r\n'),
  };
}

const json = ['Content-Type: application/json'];
const document = JSON.stringify(experimentDocument);
const padded = (bytes: number) => document.padEnd(bytes, ' ');
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const inside = (value: string) => document.replace('{', `{"settings":${value},`);

const forms: [string, Form][] = [
  ['nothing', {}],
  ['nothing, in chunks', { chunked: true }],
  ['nothing, called JSON', { headers: json }],
  ['nothing, called JSON, in chunks', { headers: json, chunked: true }],
  ['an object', { headers: json, body: '{}' }],
  ['null', { headers: json, body: 'null' }],
  ['a list', { headers: json, body: '[]' }],
  ['a text', { headers: json, body: '"text"' }],
  ['no number', { headers: json, body: 'NaN' }],
  ['a number beyond all', { headers: json, body: inside('{"partitions":1e999}') }],
  ['a comma too many', { headers: json, body: '{"a":1,}' }],
  ['half of it', { headers: json, body: document.slice(0, -9) }],
  ['a document', { headers: json, body: document }],
  ['a document, twice', { headers: json, body: document + document }],
  ['a document of no type', { body: document }],
  ['a document, called text', { headers: ['Content-Type: text/plain'], body: document }],
  ['a form', { headers: ['Content-Type: application/x-www-form-urlencoded'], body: 'a=1' }],
  ['a broken type', { headers: ['Content-Type: ;;;'], body: document }],
  ['two types', { headers: [...json, 'Content-Type: text/plain'], body: document }],
  [
    'its charset in the type',
    { headers: ['Content-Type: application/json; charset=utf-16'], body: document },
  ],
  ['UTF-16', { headers: json, body: Buffer.from(document, 'utf16le') }],
  ['bytes that are no text', { headers: json, body: Buffer.from([0x22, 0xff, 0xfe, 0x22]) }],
  ['a text that is cut in a letter', { headers: json, body: Buffer.from('"ü').subarray(0, 2) }],
  ['half a pair of surrogates', { headers: json, body: document.replace('kafka, acks all', '\\ud800') }],
  ['a mark of its byte order', { headers: json, body: `\ufeff${document}` }],
  ['zeros', { headers: json, body: '\0'.repeat(100) }],
  ['a key twice', { headers: json, body: `{"name":"a",${document.slice(1)}` }],
  ['a key twice, deep inside', { headers: json, body: inside('{"a":{"b":{"c":1,"c":2}}}') }],
  ['keys of every object', { headers: json, body: inside('{"__proto__":{"a":1},"constructor":{"b":2}}') }],
  ['lists in lists', { headers: json, body: nested(30_000) }],
  ['lists in lists, inside', { headers: json, body: inside(nested(30_000)) }],
  ['objects in objects', { headers: json, body: `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}` }],
  ['as much as is taken', { headers: json, body: padded(64 * 1024) }],
  ['too much', { headers: json, body: padded(65 * 1024) }],
  ['too much, in chunks', { headers: json, body: padded(65 * 1024), chunked: true }],
  ['far too much', { headers: json, body: padded(4 * 1024 * 1024) }],
  ['an archive', { headers: [...json, 'Content-Encoding: gzip'], body: gzipSync(document) }],
  ['an offer to wait before it is sent', { headers: [...json, 'Expect: 100-continue'], body: document }],
  ['an empty key', { headers: [...json, 'Idempotency-Key: '], body: document }],
  ['a long key', { headers: [...json, `Idempotency-Key: ${'k'.repeat(256)}`], body: document }],
  ['a key of any bytes', { headers: [...json, 'Idempotency-Key: \u00fc/../\u00ff'], body: document }],
  ['lists in lists, with a key', { headers: [...json, 'Idempotency-Key: deep'], body: nested(30_000) }],
];

const calls = [
  ['POST', '/api/experiments'],
  ['POST', '/api/experiments?dryRun=true'],
  ['POST', '/api/comparisons'],
  ['POST', '/api/experiments/open-0001/cancel'],
  ['POST', '/api/experiments/open-0001/retry-destroy'],
  ['POST', '/api/experiments/nothing-there/retry-destroy'],
  ['POST', '/api/comparisons/open-0002/cancel'],
  ['POST', '/api/reap'],
  ['DELETE', '/api/experiments/closed-0001'],
  ['DELETE', '/api/experiments/open-0001'],
  ['DELETE', '/api/comparisons/cmp-0001'],
  ['GET', '/api/experiments'],
  ['PUT', '/api/experiments/closed-0001'],
] as const;

describe.each(calls)('%s %s', (method, path) => {
  test.each(forms)('with %s is answered, and is no fault of ours', async (_, form) => {
    await api.records.addExperiment(experimentRecord({ id: 'closed-0001' }));
    await api.records.addComparison(comparisonRecord());
    api.errors.length = 0;
    const { status, head, body } = await send(method, path, form);
    expect(api.errors).toEqual([]);
    expect(status).toBeGreaterThanOrEqual(200);
    expect(status).toBeLessThan(500);
    if (status < 400) return;
    expect(head).toContain('content-type: application/problem+json');
    expect(JSON.parse(body)).toMatchObject({ status, detail: expect.stringMatching(/\w+.*\.$/) });
  });
});

test.each([
  ['/api/experiments', document],
  ['/api/comparisons', JSON.stringify(comparisonDocument)],
])('POST %s takes a document with a mark of its byte order, and one of 64 KiB', async (path, text) => {
  for (const body of [`\ufeff${text}`, text.padEnd(64 * 1024, '\n')])
    expect((await send('POST', path, { headers: json, body })).status).toBe(202);
});

test.each([
  [65 * 1024, false],
  [65 * 1024, true],
  [4 * 1024 * 1024, false],
])('a body of %d bytes (in chunks: %s) is 413', async (bytes, chunked) => {
  const { status } = await send('POST', '/api/experiments', { headers: json, body: padded(bytes), chunked });
  expect(status).toBe(413);
});

test('a body that ends before its length is no fault of ours, and hangs nothing', async () => {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    'POST /api/experiments HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"name"',
  );
  socket.resume().end();
  await once(socket, 'close');
  expect(api.errors).toEqual([]);
  expect((await fetch(`${api.url}/healthz`)).status).toBe(200);
});

test('a body in a coding is refused for that', async () => {
  const headers = [...json, 'Content-Encoding: gzip'];
  const { status, head, body } = await send('POST', '/api/experiments', {
    headers,
    body: gzipSync(document),
  });
  expect(status).toBe(415);
  expect(head).toContain('accept-encoding: identity');
  expect(JSON.parse(body).detail).toBe('The body must be sent as it is, not with Content-Encoding: gzip.');
});

test.each(['\\ud800', 'a \\udfff', '\\u200b', '\\u2060 \\ufeff'])(
  'the name %s, which nobody can read, is refused',
  async (name) => {
    const body = document.replace('kafka, acks all', name);
    const answer = await send('POST', '/api/experiments?dryRun=true', { headers: json, body });
    expect(answer.status).toBe(422);
    expect(JSON.parse(answer.body).errors).toMatchObject([{ pointer: '/name' }]);
  },
);
