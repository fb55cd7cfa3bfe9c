import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { makeHome } from '../../../src/stack/setup/home-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'comparator-home-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a home is made, with what it lies in, and one that is there is taken', () => {
  const home = join(folder, 'a', 'b');
  makeHome(home);
  makeHome(home);
  expect(existsSync(home)).toBe(true);
});

test.each([
  ['a file', 'it is a file'],
  ['a file/home', 'a part of its path is no folder'],
])('the home %s is refused in words', (path, why) => {
  writeFileSync(join(folder, 'a file'), '');
  const home = join(folder, path);
  expect(() => makeHome(home)).toThrow(
    expect.objectContaining({
      message: `The home ${home} cannot be used: ${why}. Name a folder of yours with COMPARATOR_HOME.`,
      exitCode: 2,
    }),
  );
});
