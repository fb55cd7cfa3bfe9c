import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { prepareTemporaryFolder } from '../../../../activities/home/folder/temporary.ts';

test('the temporary folder is this user’s alone, and keeps what a terraform may still need', () => {
  const home = mkdtempSync(join(tmpdir(), 'cmp-'));
  try {
    prepareTemporaryFolder(home);
    const left = join(home, 'tmp', 'plugin123');
    expect(statSync(join(home, 'tmp')).mode & 0o777).toBe(0o700);
    writeFileSync(left, '');
    prepareTemporaryFolder(home, Date.now() + 23 * 3_600_000);
    expect(existsSync(left)).toBe(true);
    prepareTemporaryFolder(home, Date.now() + 25 * 3_600_000);
    expect(existsSync(left)).toBe(false);
  } finally {
    rmSync(home, { recursive: true });
  }
});
