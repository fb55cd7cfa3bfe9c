import { expect, test } from '@jest/globals';
import { foreignPageRefusal, loopbackRefusal } from '../../src/machine/loopback-door.ts';

test.each([
  [{ host: '127.0.0.1:4566' }, null],
  [{ host: 'localhost' }, null],
  [{ host: '[::1]:4566' }, null],
  [{}, 'The Host header must name this machine.'],
  [{ host: 'evil.example' }, 'The Host header must name this machine.'],
  [{ host: '127.0.0.1.evil.example' }, 'The Host header must name this machine.'],
  [{ host: '127.0.0.1', origin: 'null' }, 'Requests of web pages are refused.'],
  [{ host: '127.0.0.1', origin: 'http://127.0.0.1' }, 'Requests of web pages are refused.'],
  [{ host: '127.0.0.1', 'sec-fetch-site': 'cross-site' }, 'Requests of web pages are refused.'],
  [{ host: '127.0.0.1', 'sec-fetch-mode': 'cors' }, null],
])('what a server on loopback says to %j', (headers, refusal) => {
  expect(loopbackRefusal(headers)).toBe(refusal);
});

const host = '127.0.0.1:8233';
const foreign = 'Requests of pages of another origin are refused.';

test.each([
  ['GET', { host }, null],
  ['POST', { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' }, null],
  ['GET', { host, 'sec-fetch-site': 'none', 'sec-fetch-dest': 'document' }, null],
  ['GET', { host, 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' }, null],
  ['POST', { host, 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' }, foreign],
  ['GET', { host, 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'iframe' }, foreign],
  ['GET', { host, 'sec-fetch-site': 'same-site', 'sec-fetch-dest': 'empty' }, foreign],
  ['GET', { host, origin: 'http://127.0.0.1:3000' }, foreign],
  ['POST', { host, origin: 'null' }, foreign],
  [
    'GET',
    { host: 'evil.example:8233', origin: 'http://evil.example:8233', 'sec-fetch-site': 'same-origin' },
    'The Host header must name this machine.',
  ],
])('what a server whose pages people open says to %s %j', (method, headers, refusal) => {
  expect(foreignPageRefusal(headers, method)).toBe(refusal);
});
