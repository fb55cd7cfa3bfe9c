import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { testApi } from '../support/test-api.ts';

const of = (key: string) => ({ Authorization: `Bearer ${key}` });

test('a key that asks too often is told when to come back, and no other key is', async () => {
  const { get } = testApi({ apiKeys: ['eager', 'calm'], requestsPerMinute: 3 });
  for (let count = 0; count < 3; count++) expect((await get('/api/queue', of('eager'))).status).toBe(200);
  const refused = await get('/api/queue', of('eager'));
  expect(refused.status).toBe(429);
  expect(refused.headers.get('content-type')).toBe('application/problem+json');
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  expect(await refused.json()).toMatchObject({
    status: 429,
    title: 'Too many requests',
    detail: expect.stringMatching(/^The key key-1 has made its 3 requests of this minute; go on in \d+ s/),
  });
  expect((await get('/api/queue', of('calm'))).status).toBe(200);
  // Neither does a load balancer wait, nor is it counted.
  expect((await get('/healthz', of('eager'))).status).toBe(200);
});

test('a key may have a number of its own', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cmp-test-rate-'));
  const keysFile = join(folder, 'keys.json');
  const sha256 = createHash('sha256').update('slow').digest('hex');
  writeFileSync(
    keysFile,
    JSON.stringify({ keys: [{ name: 'ci', role: 'read', sha256, requestsPerMinute: 1 }] }),
  );
  const { get } = testApi({ keysFile });
  const statuses = [await get('/api/queue', of('slow')), await get('/api/queue', of('slow'))];
  expect(statuses.map(({ status }) => status)).toEqual([200, 429]);
  rmSync(folder, { recursive: true });
});

test('where no key is asked for, nobody is counted', async () => {
  const { get } = testApi({ requestsPerMinute: 1 });
  for (let count = 0; count < 5; count++) expect((await get('/api/queue')).status).toBe(200);
});
