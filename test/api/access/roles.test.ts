import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { demandRoles, neededRole } from '../../../src/api/access/roles.ts';
import { type Role, roles } from '../../../src/contracts/input/keys/key-file.ts';
import { testApi } from '../support/test-api.ts';

let folder: string;
let keysFile: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cmp-test-roles-'));
  keysFile = join(folder, 'keys.json');
  const keys = roles.map((role) => ({
    name: `one who may ${role}`,
    role,
    sha256: createHash('sha256').update(role).digest('hex'),
  }));
  writeFileSync(keysFile, JSON.stringify({ keys }));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Every call of the OpenAPI document: method, path as the document has it, and one that exists. */
async function calls(): Promise<{ method: string; path: string; url: string }[]> {
  const document = (await (await testApi().get('/openapi.json')).json()) as unknown as {
    paths: Record<string, object>;
  };
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({
      method: method.toUpperCase(),
      path,
      url: path.replace('{id}', 'exp-0009').replace('{file}', 'any.hgrm'),
    })),
  );
}

test('every call of the document has a role, and what changes anything needs more than to read', async () => {
  const all = await calls();
  expect(all.length).toBeGreaterThan(25);
  for (const { method, path } of all) {
    const role = neededRole(`${method} ${path}`);
    expect([method, path, role]).toEqual([
      method,
      path,
      expect.stringMatching(/^(nobody|read|run|operate)$/),
    ]);
    if (method !== 'GET') expect([method, path, role]).not.toEqual([method, path, 'read']);
  }
});

test('a call without a role, or a role without its call, keeps the service from starting', async () => {
  const named = (await calls()).map(({ method, path }) => `${method} ${path}`);
  expect(() => demandRoles(named)).not.toThrow();
  expect(() => demandRoles([...named, 'POST /api/new'])).toThrow('needs a role for POST /api/new');
  expect(() => demandRoles(named.slice(1))).toThrow(`none for ${named[0]}`);
});

describe.each(roles)('a key that may %s', (role) => {
  test('is let in where that is enough, and told elsewhere', async () => {
    for (const { method, path, url } of await calls()) {
      // A call ends its app, for streams would go on.
      const api = testApi({ keysFile });
      const headers = { Authorization: `Bearer ${role}` };
      const { status } = await api.app.request(url, { method, headers });
      api.stop.abort();
      const wanted = neededRole(`${method} ${path}`);
      const enough = wanted === 'nobody' || roles.indexOf(wanted as Role) <= roles.indexOf(role);
      expect([method, path, status === 403]).toEqual([method, path, !enough]);
    }
  });
});

test('whoever may not is told what is needed, and by which key', async () => {
  const api = testApi({ keysFile });
  const response = await api.post('/api/reap', undefined, { Authorization: 'Bearer run' });
  expect(response.status).toBe(403);
  expect((await response.json()).detail).toBe(
    'The key one who may run has the role run, and this needs operate: use another key, or ask whoever runs the service for the role.',
  );
});

test('a HEAD needs what its GET does', async () => {
  const api = testApi({ keysFile });
  const head = (key: string) =>
    api.app.request('/api/queue', { method: 'HEAD', headers: { Authorization: `Bearer ${key}` } });
  expect([(await head('read')).status, (await head('nobody')).status]).toEqual([200, 401]);
});
