import { expect, test } from '@jest/globals';
import { testApi } from '../support/test-api.ts';

const page = { document: '<h1>page</h1>', assets: new Map(), report: { script: '', style: '' } };
const ofBrowser = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const key = { Authorization: 'Bearer first-key' };

test.each(['/foo', '/experiments', '/comparisons', '/new/', '/experiments/a/b'])(
  'who opens %s in a browser gets the page, also before a key is given',
  async (path) => {
    for (const apiKeys of [[], ['first-key']]) {
      const response = await testApi({ apiKeys, page }).get(path, ofBrowser);
      expect([response.status, await response.text()]).toEqual([404, page.document]);
      expect(response.headers.get('content-security-policy')).toContain("script-src 'self'");
    }
  },
);

test.each(['/api/nothing', '/api', '/metrics', '/api/experiments'])(
  'a browser that opens %s without a key is refused in words of the API',
  async (path) => {
    const response = await testApi({ apiKeys: ['first-key'], page }).get(path, ofBrowser);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      401,
      'application/problem+json',
    ]);
  },
);

test.each([
  ['/foo', { Accept: '*/*' }],
  ['/foo', { Accept: 'application/json' }],
  ['/api/nothing', ofBrowser],
  ['/docs/nothing', ofBrowser],
])('what asks for %s as %j is told that there is nothing', async (path, headers) => {
  const response = await testApi({ apiKeys: ['first-key'], page }).get(path, { ...headers, ...key });
  expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
});

test('where the page was not built there is none to be lost on', async () => {
  expect((await testApi().get('/foo', ofBrowser)).headers.get('content-type')).toBe(
    'application/problem+json',
  );
});
