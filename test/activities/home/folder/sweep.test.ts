import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { sweepExperimentFolders } from '../../../../activities/home/folder/experiment-folder.ts';

test('folders that a killed worker was removing or making go, those of experiments stay', () => {
  const home = mkdtempSync(join(tmpdir(), 'comparator-sweep-'));
  const left = () => readdirSync(join(home, 'experiments')).sort();
  try {
    sweepExperimentFolders(home);
    for (const name of ['one', '.one-removed-3fa1b479', '.two-0123abcd']) {
      mkdirSync(join(home, 'experiments', name, 'runs'), { recursive: true });
    }
    sweepExperimentFolders(home);
    expect(left()).toEqual(['.two-0123abcd', 'one']);
    sweepExperimentFolders(home, Date.now() + 3_700_000);
    expect(left()).toEqual(['one']);
  } finally {
    rmSync(home, { recursive: true });
  }
});
