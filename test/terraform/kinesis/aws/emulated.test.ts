import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { execa } from 'execa';
import { inheritedEnvironment, projectRoot, readConfig } from '../../../../src/config.ts';
import { writeCliConfiguration } from '../../../../src/stack/setup/terraform/terraform.ts';
import { toolPaths } from '../../../../src/stack/setup/tools.ts';
import { type Emulator, startEmulator } from '../../../activities/home/support/emulator.ts';
import { until } from '../../../support/until.ts';

/** The root as it is, on the emulator; only its state lies on this machine. */

jest.setTimeout(400_000);

interface Thing {
  kind: string;
  name: string;
  tags: Record<string, string>;
  vpc: string | null;
}

const config = readConfig();
let home: string;
let root: string;
let emulator: Emulator;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'comparator-aws-'));
  cpSync(join(projectRoot, 'terraform'), join(home, 'terraform'), { recursive: true });
  root = join(home, 'terraform', 'kinesis', 'aws');
  writeFileSync(join(root, 'backend_override.tf'), 'terraform {\n  backend "local" {}\n}\n');
  emulator = await startEmulator(home);
  const init = start('first', ['init', '-input=false', '-no-color']);
  expect({ code: await ended(init), output: outputOf('first') }).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await emulator?.stop();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

const outputOf = (name: string) => readFileSync(join(home, `${name}.log`), 'utf8');

/** Terraform in a process group of its own, which a test can kill with its provider. */
function start(name: string, args: string[]): ChildProcess {
  const log = openSync(join(home, `${name}.log`), 'a');
  return spawn(toolPaths(config).terraform, [`-chdir=${root}`, ...args], {
    detached: true,
    stdio: ['ignore', log, log],
    env: {
      PATH: inheritedEnvironment().PATH,
      HOME: home,
      TMPDIR: home,
      TF_CLI_CONFIG_FILE: writeCliConfiguration({ ...config, home }),
      CHECKPOINT_DISABLE: '1',
      AWS_ENDPOINT_URL: emulator.url,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
  });
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve));
}

/** Arguments of a command for an experiment, with a state of its own. */
function argsOf(command: 'apply' | 'destroy', experiment: string): string[] {
  const variables = {
    allowed_account_ids: ['000000000000'],
    experiment_id: experiment,
    expires_at: '2026-11-28T12:00:00Z',
    fan_out_consumers: 1,
    generators: {
      number: 2,
      image: `example.com/comparator@sha256:${'0'.repeat(64)}`,
      temporal_address: 'temporal.example.com:7233',
      temporal_namespace: 'default',
      results_bucket: 'results',
    },
    installation_id: 'test01',
    region: 'us-east-1',
    settings: { mode: 'provisioned', shards: 2, retentionHours: 48 },
  };
  const file = join(home, `${experiment}.tfvars.json`);
  writeFileSync(file, JSON.stringify(variables));
  const state = join(home, `${experiment}.tfstate`);
  return [
    command,
    '-auto-approve',
    '-input=false',
    '-no-color',
    '-lock=false',
    `-var-file=${file}`,
    `-state=${state}`,
  ];
}

/** The oracle: what the account has, whatever a state says. */
async function account(): Promise<Thing[]> {
  const script = fileURLToPath(new URL('../../support/account.py', import.meta.url));
  const { stdout } = await execa(toolPaths(config).ministackPython, [script, emulator.url]);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Thing);
}

/** What names and tags do not tell to be of an experiment; what lies in its VPC goes with that. */
function foreignTo(experiment: string, things: Thing[]): Thing[] {
  const name = `cmp-test01-${experiment}`;
  const tagged = (thing: Thing) => thing.tags['comparator:experiment'] === experiment;
  const vpcs = things.filter((thing) => thing.kind === 'vpc' && tagged(thing)).map((thing) => thing.name);
  return things.filter(
    (thing) => !thing.name.includes(name) && !tagged(thing) && !vpcs.includes(thing.vpc ?? ''),
  );
}

test('what it makes has the names and tags by which it is found, and is gone after a destroy', async () => {
  expect(await account()).toEqual([]);
  const apply = start('whole', argsOf('apply', 't-whole'));
  expect({ code: await ended(apply), output: outputOf('whole') }).toMatchObject({ code: 0 });
  const made = await account();
  expect(foreignTo('t-whole', made)).toEqual([]);
  const kinds = [...new Set(made.map(({ kind }) => kind))].sort();
  expect(kinds).toEqual([
    'cluster',
    'internet-gateway',
    'log-group',
    'role',
    'route-table',
    'security-group',
    'service',
    'stream',
    'subnet',
    'task-definition',
    'vpc',
    'vpc-endpoint',
  ]);
  const destroy = start('gone', argsOf('destroy', 't-whole'));
  expect({ code: await ended(destroy), output: outputOf('gone') }).toMatchObject({ code: 0 });
  expect(await account()).toEqual([]);
});

// Killed with its provider; what is left goes with the emulator.
test.each([1, 4, 8, 11, 14, 16])(
  'an apply killed after %d resources leaves nothing without name or tag',
  async (after) => {
    const experiment = `t-killed-${after}`;
    const before = new Set((await account()).map(({ kind, name }) => `${kind} ${name}`));
    const apply = start(experiment, argsOf('apply', experiment));
    const exit = ended(apply);
    await until(
      `${after} resources are made`,
      () => {
        const output = outputOf(experiment);
        return (
          /: Creating\.\.\./.test(output) && (output.match(/: Creation complete/g)?.length ?? 0) >= after
        );
      },
      { timeoutMs: 120_000 },
    );
    process.kill(-(apply.pid as number), 'SIGKILL');
    await exit;
    const left = (await account()).filter(({ kind, name }) => !before.has(`${kind} ${name}`));
    expect(left.length).toBeGreaterThan(0);
    expect(foreignTo(experiment, left)).toEqual([]);
  },
);
