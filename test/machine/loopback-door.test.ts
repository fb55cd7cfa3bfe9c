import { expect, test } from '@jest/globals';
import { loopbackRefusal } from '../../src/machine/loopback-door.ts';

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
