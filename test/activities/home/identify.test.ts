import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { identifyExperiment } from '../../../activities/home/identify.ts';
import { placements } from '../../../activities/home/placements/registry.ts';
import { projectRoot, readConfig } from '../../../src/config.ts';
import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';
import { memoryStore } from '../../support/memory-store.ts';

const id = 'lost-1';
const streams = placements.kinesis.local;
let home: string;
let store: ReturnType<typeof memoryStore>;
let named: () => Promise<string[]>;
let cloud = readConfig({}).cloud;
beforeEach(() => {
  cloud = readConfig({}).cloud;
  home = mkdtempSync(join(tmpdir(), 'comparator-identify-'));
  store = memoryStore();
  named = async () => [];
  if (streams) placements.kinesis.local = { ...streams, owners: () => named() };
});
afterEach(() => {
  if (streams) placements.kinesis.local = streams;
  rmSync(home, { recursive: true });
});

async function identified(): Promise<string | null> {
  const aws = { region: 'us-east-1', endpointUrl: null };
  const deps = {
    home,
    projectFolder: projectRoot,
    store,
    aws,
    clustersFile: null,
    installationId: 'inst',
    cloud,
  };
  const spec = await identifyExperiment(deps, id);
  return spec && `${spec.technology} on ${spec.target}`;
}

const root = (technology: string) =>
  mkdirSync(join(home, 'experiments', id, 'terraform', technology, 'local'), { recursive: true });

const state = (resources: object[]) =>
  store.putJson(s3Keys.terraformState(id), { version: 4, serial: 1, lineage: 'a', resources });
const resource = (module: string, type: string, name: string, index_key?: string) => ({
  module,
  type,
  name,
  mode: 'managed',
  instances: [index_key === undefined ? {} : { index_key }],
});
const cleanup = resource('module.cleanup', 'terraform_data', 'cleanup');

test('by the root in its run folder, unless there are two', async () => {
  root('nats');
  expect(await identified()).toBe('nats on local');
  root('kafka');
  expect(await identified()).toBeNull();
});

test('by what has its name', async () => {
  named = async () => ['other-1', id];
  expect(await identified()).toBe('kinesis on local');
});

test('by its state, where what has its name cannot be listed', async () => {
  named = () => Promise.reject(new Error('not authorized'));
  expect(await identified()).toBeNull();
  await state([resource('module.servers', 'terraform_data', 'process', 'one-1')]);
  expect(await identified()).toBe('nats on local');
});

test('by what only one root can have made', async () => {
  const processes = (module: string) => resource(`module.${module}`, 'terraform_data', 'process', 'one-1');
  await state([cleanup, processes('brokers'), processes('load_generators.module.processes')]);
  expect(await identified()).toBe('kafka on local');
  await state([processes('servers')]);
  expect(await identified()).toBe('nats on local');
  await state([resource('module.stream', 'aws_kinesis_stream', 'this')]);
  expect(await identified()).toBe('kinesis on local');
});

test('not by what several roots, or none, can have made, and not by nothing', async () => {
  expect(await identified()).toBeNull();
  await state([resource('module.load_generators.module.processes', 'terraform_data', 'process')]);
  expect(await identified()).toBeNull();
  await state([cleanup, resource('module.elsewhere', 'aws_instance', 'this')]);
  expect(await identified()).toBeNull();
});

describe('in an account, where roots have much in common', () => {
  const account = (isSure: boolean) => ({ region: 'eu-central-1', generators: 3, settings: {}, isSure });
  const saved = { kafka: placements.kafka.aws, kinesis: placements.kinesis.aws };
  const put = (technology: 'kafka' | 'kinesis', isSure: boolean) => {
    const placement = saved[technology];
    if (!placement) throw new Error('there is no such placement');
    const recall = async () => account(isSure);
    placements[technology].aws = { ...placement, owners: async () => [id], recall };
  };
  beforeEach(() => {
    cloud = readConfig({ COMPARATOR_AWS_ACCOUNTS: '123456789012' }).cloud;
  });
  afterEach(() => {
    Object.assign(placements.kafka, { aws: saved.kafka });
    Object.assign(placements.kinesis, { aws: saved.kinesis });
  });

  test('the one whose product is there is it', async () => {
    put('kinesis', false);
    put('kafka', true);
    expect(await identified()).toBe('kafka on aws');
    put('kafka', false);
    put('kinesis', true);
    expect(await identified()).toBe('kinesis on aws');
  });

  test('where the product is gone, any does, for what is left all of them have', async () => {
    put('kinesis', false);
    put('kafka', false);
    expect(await identified()).toMatch(/on aws$/);
  });

  test('a stream that an emulator shares with it is destroyed with what is around it', async () => {
    named = async () => [id];
    put('kinesis', true);
    expect(await identified()).toBe('kinesis on aws');
  });

  test('where no account is named, it is what is on this machine', async () => {
    cloud = readConfig({}).cloud;
    named = async () => [id];
    put('kinesis', true);
    expect(await identified()).toBe('kinesis on local');
  });
});
