import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  experimentFolderOf,
  prepareExperimentFolder,
} from '../../../../activities/home/folder/experiment-folder.ts';
import { projectRoot } from '../../../../src/config.ts';

const sources = join(projectRoot, 'terraform');
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'comparator-folder-'));
  mkdirSync(join(home, 'experiments'));
});
afterEach(() => rmSync(home, { recursive: true }));

const folderOf = () => experimentFolderOf(home, 'one-1', 'kafka', 'local');

test('a copy of the root has its name once all of it is on disk, so that no loss of power empties it', () => {
  const folder = folderOf();
  const before: string[] = [];
  const after: string[] = [];
  prepareExperimentFolder(folder, sources, 'kafka', (path) => {
    (existsSync(folder.path) ? after : before).push(path);
  });
  const copied = readdirSync(folder.path, { recursive: true, encoding: 'utf8' });
  expect(copied).toContain(join('terraform', 'kafka', 'local', 'main.tf'));
  const [made = ''] = before.filter((path) => dirname(path) === dirname(folder.path));
  expect(basename(made)).toMatch(/^\.one-1-/);
  expect(before.sort()).toEqual([made, ...copied.map((path) => join(made, path))].sort());
  expect(after).toEqual([dirname(folder.path)]);
});

test('what is there already stays as it is', () => {
  const folder = folderOf();
  prepareExperimentFolder(folder, sources, 'kafka');
  const main = join(folder.root, 'main.tf');
  writeFileSync(main, '# of an earlier release');
  prepareExperimentFolder(folder, sources, 'kafka');
  expect(readFileSync(main, 'utf8')).toBe('# of an earlier release');
  expect(readdirSync(dirname(folder.path))).toEqual(['one-1']);
});
