import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { servedApi } from '../../cli/support/served-api.ts';

let api: Awaited<ReturnType<typeof servedApi>>;
beforeAll(async () => {
  api = await servedApi();
});
afterAll(() => api.close());

/** Sends these bytes, and gives all that comes back until the server closes the connection. */
async function exchange(request: string): Promise<string> {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk) => {
    answer += chunk;
  });
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  socket.write(request, 'latin1');
  await closed;
  return answer;
}

const host = 'Host: 127.0.0.1\r\nConnection: close\r\n';

test.each([
  ['no HTTP', 'GARBAGE\r\n\r\n', 400],
  ['a method that there is not', `FOO /api HTTP/1.1\r\n${host}\r\n`, 400],
  ['headers that are too large', `GET /api HTTP/1.1\r\n${host}X: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ['an address that is too long', `GET /api/${'x'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`, 431],
  ['no Host', 'GET /api HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
  ['a Host that is none', 'GET /api HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', 400],
  ['a name before the Host', 'GET /api HTTP/1.1\r\nHost: a@127.0.0.1\r\nConnection: close\r\n\r\n', 400],
  ['no path', `OPTIONS * HTTP/1.1\r\n${host}\r\n`, 400],
  ['letters outside of ASCII in the path', `GET /api/\xe9 HTTP/1.1\r\n${host}\r\n`, 400],
  [
    'two lengths',
    `POST /api/reap HTTP/1.1\r\n${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`,
    400,
  ],
  ['a length below 0', `POST /api/reap HTTP/1.1\r\n${host}Content-Length: -1\r\n\r\n`, 400],
  ['an expectation', `POST /api/reap HTTP/1.1\r\n${host}Expect: more\r\nContent-Length: 0\r\n\r\n`, 417],
])(
  'what the app never sees, for it has %s, is a problem with the headers of all answers',
  async (_, request, status) => {
    const answer = await exchange(request);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} \\w`));
    const text = /transfer-encoding: chunked/i.test(head) ? body.split('\r\n')[1] : body;
    expect(JSON.parse(text ?? '')).toMatchObject({
      type: 'about:blank',
      title: expect.stringMatching(/\w/),
      status,
      detail: expect.stringMatching(/\.$/),
    });
    const lines = head.toLowerCase().split('\r\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'content-type: application/problem+json',
        "content-security-policy: default-src 'none'; frame-ancestors 'none'",
        'x-content-type-options: nosniff',
        'referrer-policy: no-referrer',
        'cross-origin-resource-policy: same-origin',
      ]),
    );
    expect(new Set(lines.map((line) => line.split(':')[0])).size).toBe(lines.length);
    expect((await fetch(`${api.url}/healthz`)).status).toBe(200);
  },
);
