import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { markInitialized, writeBackend } from '../../../../activities/home/folder/backend.ts';
import { experimentFolderOf } from '../../../../activities/home/folder/experiment-folder.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'comparator-backend-'));
});
afterEach(() => rmSync(home, { recursive: true }));

test('what an init that was killed has left is begun anew; what one has finished stays', () => {
  const folder = experimentFolderOf(home, 'exp-1', 'kafka', 'local');
  const backend = { bucket: 'one' };
  const lockFile = join(folder.root, '.terraform.lock.hcl');
  const half = join(folder.terraformData, 'providers', 'half');
  for (const path of [folder.root, folder.terraformData]) mkdirSync(path, { recursive: true });
  const make = () => {
    mkdirSync(half, { recursive: true });
    writeFileSync(lockFile, 'half a li');
  };

  make();
  expect(writeBackend({ folder, backend })).toBe(true);
  expect([half, lockFile].filter(existsSync)).toEqual([]);

  make();
  markInitialized({ folder, backend });
  expect(writeBackend({ folder, backend })).toBe(false);
  expect(writeBackend({ folder, backend: { bucket: 'two' } })).toBe(true);
  expect([half, lockFile].filter(existsSync)).toEqual([half, lockFile]);
});
