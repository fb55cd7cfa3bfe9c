import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  ensureInstallation,
  knownInstallation,
  rememberInstallation,
} from '../../../activities/control/installation.ts';
import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';
import { memoryStore } from '../../support/memory-store.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'comparator-installation-'));
});
afterEach(() => rmSync(home, { recursive: true }));

test('a bucket keeps its installation, whoever comes later', async () => {
  const store = memoryStore();
  const first = await ensureInstallation(store);
  expect(await ensureInstallation(store, 'other')).toEqual(first);
});

test('a bucket that was lost belongs again to whom the home and the namespace know', async () => {
  expect(knownInstallation(home, 'abcd')).toBeNull();
  rememberInstallation(home, 'abcd');
  expect(knownInstallation(home, 'abcd')).toBe('abcd');
  expect((await ensureInstallation(memoryStore(), knownInstallation(home, 'abcd'))).id).toBe('abcd');
});

test.each(['', '{', 'null', '[]', '{"id":7}', '{"id":"ABC"}'])(
  'a document %p in the bucket is written again where the id is known, and refused else',
  async (text) => {
    const store = memoryStore();
    await store.put(s3Keys.installation, text);
    await expect(ensureInstallation(store)).rejects.toThrow(
      /^installation\.json in the bucket test cannot be read.*Put back what it was/s,
    );
    expect(await store.getText(s3Keys.installation)).toBe(text);
    expect(await ensureInstallation(store, 'abcd')).toEqual({ id: 'abcd' });
    expect(await ensureInstallation(store)).toEqual({ id: 'abcd' });
  },
);

test('of a document in the bucket nothing but its id counts', async () => {
  const store = memoryStore();
  await store.put(s3Keys.installation, '{"id":"abcd","schemaVersion":9}');
  expect(await ensureInstallation(store, 'other')).toEqual({ id: 'abcd' });
});

test.each([null, 'other'])('a namespace of %s makes a home give nothing away', (namespace) => {
  rememberInstallation(home, 'abcd');
  expect(knownInstallation(home, namespace)).toBeNull();
});
