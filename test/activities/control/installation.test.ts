import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  ensureInstallation,
  knownInstallation,
  rememberInstallation,
} from '../../../activities/control/installation.ts';
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

test.each([null, 'other'])('a namespace of %s makes a home give nothing away', (namespace) => {
  rememberInstallation(home, 'abcd');
  expect(knownInstallation(home, namespace)).toBeNull();
});
