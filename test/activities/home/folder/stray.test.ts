import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { currentOperation, runFolders } from '../../../../activities/home/folder/experiment-folder.ts';
import { stopAllOverdue } from '../../../../activities/home/runs/interrupt.ts';
import { latestRun } from '../../../../activities/home/runs/terraform-run.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'comparator-stray-'));
  mkdirSync(join(home, 'experiments', 'exp-0002', 'runs'), { recursive: true });
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

test('a file among the run folders is none, and keeps nobody from looking at the others', () => {
  writeFileSync(join(home, 'experiments', 'exp-0001'), 'notes');
  stopAllOverdue(home, 1_000);
  expect(runFolders(home)).toEqual(['exp-0002']);
});

test.each([
  ['a file where the runs are', () => writeFileSync(join(home, 'experiments', 'exp-0001', 'runs'), '')],
  [
    'a folder where a claim is',
    () => mkdirSync(join(home, 'experiments', 'exp-0001', 'runs', '0001.claim.json'), { recursive: true }),
  ],
])('a run folder in which %s keeps nobody from looking at the others', (_, harm) => {
  mkdirSync(join(home, 'experiments', 'exp-0001'));
  harm();
  stopAllOverdue(home, 1_000);
  expect(runFolders(home)).toEqual(['exp-0001', 'exp-0002']);
});

test('a folder where a file of ours should be is named', () => {
  const folder = join(home, 'experiments', 'exp-0002');
  mkdirSync(join(folder, 'operation.json'));
  mkdirSync(join(folder, 'runs', '0001.claim.json'));
  expect(() => currentOperation(folder)).toThrow(/operation\.json cannot be read: EISDIR/);
  expect(() => latestRun(folder, join(folder, 'runs'), 'here')).toThrow(/0001\.claim\.json cannot be read/);
});
