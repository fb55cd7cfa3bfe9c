import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  beginOperation,
  currentOperation,
  experimentFolderOf,
  prepareExperimentFolder,
  removeExperimentFolder,
} from '../../../../activities/home/folder/experiment-folder.ts';
import { listRuns } from '../../../../activities/home/runs/terraform-run.ts';
import { projectRoot } from '../../../../src/config.ts';
import { readJson, writeJsonAtomic, writeJsonExclusive } from '../../../../src/machine/atomic-file.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'comparator-claim-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe('a claim', () => {
  it('is won by one of many, whole, and leaves no temporary file', () => {
    const file = join(home, 'claim.json');
    const won = Array.from({ length: 20 }, (_, index) => writeJsonExclusive(file, { index }));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(readJson(file, z.object({ index: z.number() }))).toEqual({ index: 0 });
    expect(readdirSync(home)).toEqual(['claim.json']);
  });

  it('cannot be made in a run folder that is gone', () => {
    expect(() => writeJsonExclusive(join(home, 'gone', 'claim.json'), {})).toThrow('ENOENT');
    expect(() => writeJsonAtomic(join(home, 'gone', 'operation.json'), {})).toThrow('ENOENT');
  });

  it('lists runs by their number', () => {
    for (const name of ['0010.claim.json', '0002.claim.json', '0002.exit.json', 'x']) {
      writeJsonAtomic(join(home, name), {});
    }
    expect(listRuns(home)).toEqual([2, 10]);
    expect(listRuns(join(home, 'none'))).toEqual([]);
  });
});

describe('a run folder', () => {
  const sources = join(projectRoot, 'terraform');
  it('holds a copy of the root and the modules, without programs, and goes as one', () => {
    const folder = experimentFolderOf(home, 'exp-1', 'kafka', 'local');
    prepareExperimentFolder(folder, sources, 'kafka');
    expect(readdirSync(join(folder.path, 'terraform')).sort()).toEqual(['kafka', 'modules']);
    const files = readdirSync(folder.path, { recursive: true }) as string[];
    expect(files).toContain('terraform/kafka/local/main.tf');
    expect(files.filter((name) => name.endsWith('.ts') || name.includes('tfstate'))).toEqual([]);

    expect(currentOperation(folder.path)).toBeNull();
    const first = beginOperation(folder, 'apply', 'run-1');
    prepareExperimentFolder(folder, sources, 'kafka');
    expect(currentOperation(folder.path)).toEqual(first);
    const second = beginOperation(folder, 'destroy', 'run-1');
    expect(second.token).not.toBe(first.token);
    expect(currentOperation(folder.path)).toEqual(second);

    removeExperimentFolder(folder);
    removeExperimentFolder(folder);
    expect(readdirSync(join(home, 'experiments'))).toEqual([]);
    expect(() => beginOperation(folder, 'apply', 'run-1')).toThrow('ENOENT');
  });

  it('takes in the root of another technology, and keeps what it has', () => {
    const old = experimentFolderOf(home, 'exp-1', 'kafka', 'local');
    prepareExperimentFolder(old, sources, 'kafka');
    const operation = beginOperation(old, 'apply', 'run-1');
    const folder = experimentFolderOf(home, 'exp-1', 'nats', 'local');
    prepareExperimentFolder(folder, sources, 'nats');
    expect(readdirSync(join(folder.path, 'terraform')).sort()).toEqual(['kafka', 'modules', 'nats']);
    expect(readdirSync(folder.root)).toContain('main.tf');
    expect(currentOperation(folder.path)).toEqual(operation);
    expect(readdirSync(join(home, 'experiments'))).toEqual(['exp-1']);
  });

  it('takes no id that leads elsewhere', () => {
    expect(() => experimentFolderOf(home, '../../etc', 'kafka', 'local')).toThrow('must be 3 to 36');
  });
});
