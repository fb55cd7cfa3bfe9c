import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { placements } from '../../activities/home/placements/registry.ts';
import { inheritedEnvironment, projectRoot, readConfig } from '../../src/config.ts';
import { experimentEnvironment } from '../../src/contracts/temporal/infrastructure-activities.ts';
import { writeCliConfiguration } from '../../src/stack/setup/terraform/terraform.ts';
import { toolPaths } from '../../src/stack/setup/tools.ts';

const sources = join(projectRoot, 'terraform');
const config = readConfig();
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'comparator-roots-'));
  cpSync(sources, join(folder, 'terraform'), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function terraform(root: string, ...args: string[]) {
  const env = {
    PATH: inheritedEnvironment().PATH,
    TF_CLI_CONFIG_FILE: writeCliConfiguration({ ...config, home: folder }),
    TF_DATA_DIR: join(folder, 'data', root.replaceAll('/', '-')),
    CHECKPOINT_DISABLE: '1',
    // Tests beside this one kill those that hold locks: it is none of whom nothing is known.
    [experimentEnvironment.terraformRun]: 'test',
  };
  const chdir = `-chdir=${join(folder, 'terraform', root)}`;
  return execa(toolPaths(config).terraform, [chdir, ...args], {
    env,
    extendEnv: false,
    reject: false,
    all: true,
  });
}

const placed = Object.entries(placements).flatMap(([technology, targets]) =>
  Object.keys(targets).map((target) => `${technology}/${target}`),
);
/** Also those that no placement offers yet. */
const roots = readdirSync(sources)
  .flatMap((technology) => ['local', 'existing', 'aws'].map((target) => `${technology}/${target}`))
  .filter((root) => existsSync(join(sources, root, 'main.tf')));

it('has a root for each placement', () => {
  expect(placed.filter((root) => !roots.includes(root))).toEqual([]);
});

it('is formatted', async () => {
  const { all, exitCode } = await terraform('.', 'fmt', '-check', '-recursive', '-diff');
  expect({ all, exitCode }).toEqual({ all: '', exitCode: 0 });
});

describe.each([...roots, 'service', 'service/account'])('%s', (root) => {
  it('has the usual files and is valid', async () => {
    const files = readdirSync(join(sources, root)).filter((name) => name.endsWith('.tf'));
    const usual = ['main.tf', 'outputs.tf', 'variables.tf', 'versions.tf'];
    if (roots.includes(root)) expect(files.sort()).toEqual(usual);
    else expect(files).toEqual(expect.arrayContaining(usual));
    const init = await terraform(root, 'init', '-backend=false', '-input=false', '-no-color');
    expect(init.all).toContain('successfully initialized');
    const { all, exitCode } = await terraform(root, 'validate', '-no-color');
    expect({ all, exitCode }).toEqual({ all: 'Success! The configuration is valid.\n', exitCode: 0 });
  });
});
