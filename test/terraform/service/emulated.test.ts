import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { execa } from 'execa';
import { inheritedEnvironment, projectRoot, readConfig } from '../../../src/config.ts';
import { writeCliConfiguration } from '../../../src/stack/setup/terraform/terraform.ts';
import { toolPaths } from '../../../src/stack/setup/tools.ts';
import { type Emulator, startEmulator } from '../../activities/home/support/emulator.ts';

/** The service as it is, on the emulator; only its state lies on this machine. */

jest.setTimeout(500_000);

const config = readConfig();
let home: string;
let emulator: Emulator;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'comparator-service-'));
  cpSync(join(projectRoot, 'terraform'), join(home, 'terraform'), { recursive: true });
  const service = join(home, 'terraform', 'service');
  writeFileSync(join(service, 'backend_override.tf'), 'terraform {\n  backend "local" {}\n}\n');
  emulator = await startEmulator(home);
});

afterAll(async () => {
  await emulator?.stop();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

const digest = `sha256:${'0'.repeat(64)}`;
const secret = (name: string) => `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}-AbCdEf`;
const variables = {
  alarm_topic_arns: ['arn:aws:sns:us-east-1:000000000000:operators'],
  allowed_account_ids: ['000000000000'],
  allowed_cidr_blocks: ['203.0.113.0/24'],
  api_keys_secret_arn: secret('keys'),
  certificate_arn: 'arn:aws:acm:us-east-1:000000000000:certificate/11111111-2222-3333-4444-555555555555',
  deletion_protection: false,
  images: { api: `example.com/api@${digest}`, worker: `example.com/worker@${digest}` },
  metrics_key_secret_arn: secret('metrics'),
  permissions_boundary_arn: 'arn:aws:iam::000000000000:policy/comparator-boundary',
  region: 'us-east-1',
  repository_arns: ['arn:aws:ecr:us-east-1:000000000000:repository/comparator'],
  temporal: {
    address: 'temporal.example.com:7233',
    namespace: 'default',
    secret_arns: { TEMPORAL_API_KEY: secret('temporal') },
  },
  url: 'https://comparator.example.com',
};

async function terraform(root: string, ...args: string[]): Promise<void> {
  const { all, exitCode } = await execa(
    toolPaths(config).terraform,
    [`-chdir=${join(home, 'terraform', root)}`, ...args, '-input=false', '-no-color'],
    {
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
      extendEnv: false,
      reject: false,
      all: true,
    },
  );
  if (exitCode !== 0) throw new Error(`terraform ${args[0]} ended with ${exitCode}:\n${all}`);
}

async function init(root: string, settings: object): Promise<void> {
  writeFileSync(join(home, 'terraform', root, 'test.auto.tfvars.json'), JSON.stringify(settings));
  await terraform(root, 'init');
}

interface Thing {
  kind: string;
  name: string;
  tags: Record<string, string>;
  vpc: string | null;
}

/** The oracle: what the account has, whatever a state says. */
async function account(): Promise<Thing[]> {
  const script = fileURLToPath(new URL('../support/account.py', import.meta.url));
  const { stdout } = await execa(toolPaths(config).ministackPython, [script, emulator.url]);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Thing);
}

test('the service is made with the names and tags by which it is found, and is gone after a destroy', async () => {
  await init('service', variables);
  expect(await account()).toEqual([]);
  await terraform('service', 'apply', '-auto-approve');
  const made = await account();
  const kinds = [...new Set(made.map(({ kind }) => kind))].sort();
  expect(kinds).toEqual([
    'alarm',
    'bucket',
    'cluster',
    'file-system',
    'internet-gateway',
    'load-balancer',
    'log-group',
    'role',
    'route-table',
    'security-group',
    'service',
    'subnet',
    'target-group',
    'task-definition',
    'vpc',
    'vpc-endpoint',
  ]);
  const unknown = made.filter(
    ({ name, tags, vpc }) =>
      !name.includes('comparator') && tags['comparator:service'] !== 'comparator' && vpc === null,
  );
  expect(unknown).toEqual([]);
  await terraform('service', 'destroy', '-auto-approve');
  expect(await account()).toEqual([]);
});

test('what must be in the account before is made, and is gone after a destroy', async () => {
  const { allowed_account_ids, region } = variables;
  const github = { repository: 'owner/name' };
  await init('service/account', { allowed_account_ids, region, github });
  await terraform('service/account', 'apply', '-auto-approve');
  const named = (await account()).map(({ kind, name }) => `${kind} ${name}`).sort();
  expect(named).toEqual([
    'bucket comparator-terraform-000000000000-us-east-1',
    'role comparator-deploy',
    'role comparator-image',
  ]);
  await terraform('service/account', 'destroy', '-auto-approve');
  expect(await account()).toEqual([]);
});
