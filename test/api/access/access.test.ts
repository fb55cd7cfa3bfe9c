import { describe, expect, test } from '@jest/globals';
import { experimentDocument } from '../../support/documents.ts';
import { testApi } from '../support/test-api.ts';

describe('on loopback, without keys', () => {
  test.each(['localhost', 'localhost:3000', '127.0.0.1:3000', '127.8.8.8', '[::1]:3000', 'LOCALHOST'])(
    'answers the host %s',
    async (host) => {
      expect((await testApi().get('/healthz', { Host: host })).status).toBe(200);
    },
  );

  test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '192.168.1.2', '[::2]', ''])(
    'refuses the host %j, which a rebound name would bring',
    async (host) => {
      const response = await testApi().get('/api/experiments', { Host: host });
      expect(response.status).toBe(403);
      expect(await response.json()).toEqual({
        type: 'about:blank',
        title: 'Forbidden',
        status: 403,
        detail:
          'The Host header must name this machine, as 127.0.0.1 or localhost do. To serve other names, set COMPARATOR_API_KEYS.',
      });
    },
  );

  test.each([
    ['http://127.0.0.1:3000', 202],
    ['http://127.0.0.1:3001', 403],
    ['https://evil.example', 403],
    ['null', 403],
  ])('answers a page of %s with %d', async (origin, status) => {
    const { post, gateway } = testApi();
    const response = await post('/api/experiments', experimentDocument, {
      Host: '127.0.0.1:3000',
      Origin: origin,
    });
    expect(response.status).toBe(status);
    expect(gateway.starts).toHaveLength(status === 202 ? 1 : 0);
  });
});

describe('on loopback, of what a browser says to come from elsewhere', () => {
  test.each([
    ['cross-site', 403],
    ['same-site', 403],
    ['same-origin', 202],
    ['none', 202],
  ])('a change from %s is answered with %d', async (site, status) => {
    const { post, gateway } = testApi();
    const response = await post('/api/experiments', experimentDocument, { 'Sec-Fetch-Site': site });
    expect(response.status).toBe(status);
    expect(gateway.starts).toHaveLength(status === 202 ? 1 : 0);
  });

  test.each([
    ['document', 200],
    ['image', 403],
    ['iframe', 403],
    ['empty', 403],
  ])('a look for the sake of a %s is answered with %d', async (destination, status) => {
    const headers = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Dest': destination };
    expect((await testApi().get('/api/experiments', headers)).status).toBe(status);
  });
});

describe('with keys', () => {
  const keyed = () => testApi({ apiKeys: ['first-key', 'second-key'] });

  test.each(['Bearer first-key', 'Bearer second-key', 'bearer first-key'])(
    'takes %s',
    async (authorization) => {
      expect((await keyed().get('/api/experiments', { Authorization: authorization })).status).toBe(200);
    },
  );

  test.each([
    undefined,
    '',
    'first-key',
    'Basic first-key',
    'Bearer',
    'Bearer wrong',
    'Bearer first-key second-key',
  ])('refuses %j', async (authorization) => {
    const response = await keyed().get(
      '/api/experiments',
      authorization ? { Authorization: authorization } : {},
    );
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="comparator"');
    expect((await response.json()).detail).toBe(
      'An API key is needed: send it as "Authorization: Bearer <key>".',
    );
  });

  test('any name may be served', async () => {
    const headers = { Host: 'comparator.example', Authorization: 'Bearer first-key' };
    expect((await keyed().get('/api/experiments', headers)).status).toBe(200);
  });

  test.each([
    ['/healthz', 200],
    ['/readyz', 200],
    ['/openapi.json', 200],
    ['/docs', 200],
    ['/', 200],
    ['/metrics', 401],
    ['/api/technologies', 401],
    ['/nowhere', 401],
  ])('%s is %d without one', async (path, status) => {
    expect((await keyed().get(path)).status).toBe(status);
  });
});
