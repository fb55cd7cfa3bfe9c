import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { InfrastructureDependencies } from '../../activities/home/dependencies.ts';
import { experimentContext } from '../../activities/home/experiment-context.ts';
import { destroyVariablesOf, variablesOf } from '../../activities/home/placements/variables.ts';
import { projectRoot, readConfig } from '../../src/config.ts';
import { experimentSchema } from '../../src/contracts/input/experiment.ts';
import { toolPaths } from '../../src/stack/setup/tools.ts';

const image = `123456789012.dkr.ecr.us-east-1.amazonaws.com/comparator@sha256:${'a'.repeat(64)}`;
const config = readConfig({
  COMPARATOR_HOME: '/h',
  COMPARATOR_AWS_ACCOUNTS: '123456789012',
  COMPARATOR_GENERATOR_IMAGE: image,
  COMPARATOR_AWS_NETWORK: 'vpc-0a,subnet-0b,subnet-0c',
  COMPARATOR_GENERATOR_SECRETS:
    'TEMPORAL_API_KEY=arn:aws:secretsmanager:us-east-1:123456789012:secret:temporal-a',
  TEMPORAL_ADDRESS: 'temporal.example.com:7233',
});
const deps = {
  home: '/h',
  projectFolder: projectRoot,
  node: process.execPath,
  generatorEntry: '/h/worker.ts',
  tools: toolPaths(config),
  environment: { USER: 'me', TEMPORAL_API_KEY: 'canary-of-a-key', AWS_SECRET_ACCESS_KEY: 'canary-of-aws' },
  store: { bucket: 'results' },
  temporal: { address: 'temporal.example.com:7233', namespace: 'default' },
  aws: config.aws,
  installationId: 'test01',
  cloud: config.cloud,
  clustersFile: null,
} as unknown as InfrastructureDependencies;

const contextOf = (technology: string, settings: object) =>
  experimentContext(deps, {
    experimentId: 'exp-1',
    runId: 'run-1',
    spec: experimentSchema.parse({
      name: 'a test',
      technology,
      target: 'aws',
      region: 'eu-central-1',
      settings,
      workload: { load: { shape: 'constant', messagesPerSecond: 1 }, producers: 3 },
    }),
  });

/** Variables of a root, and whether each has a default. */
function declaredIn(root: string): Map<string, boolean> {
  const source = readFileSync(join(projectRoot, 'terraform', root, 'variables.tf'), 'utf8');
  const blocks = source.split(/^variable /m).slice(1);
  return new Map(blocks.map((block) => [/^"(\w+)"/.exec(block)?.[1] ?? '', /^ {2}default\s*=/m.test(block)]));
}

test.each([
  ['kinesis', { consumer: 'enhanced-fan-out' }],
  ['kafka', { hosting: 'msk' }],
  ['nats', { hosting: 'fargate' }],
])('%s/aws is given every variable that it wants, and no other', (technology, settings) => {
  const context = contextOf(technology, settings);
  const declared = declaredIn(`${technology}/aws`);
  for (const given of [variablesOf(deps, context, []), destroyVariablesOf(deps, context)]) {
    const names = Object.keys(given);
    expect(names.filter((name) => !declared.has(name))).toEqual([]);
    expect([...declared].filter(([name, isOptional]) => !isOptional && !names.includes(name))).toEqual([]);
  }
});

test('region, account, image, network and secrets are those of the settings', () => {
  const context = contextOf('kinesis', { consumer: 'enhanced-fan-out' });
  expect(variablesOf(deps, context, [])).toMatchObject({
    region: 'eu-central-1',
    allowed_account_ids: ['123456789012'],
    network: { vpc_id: 'vpc-0a', subnet_ids: ['subnet-0b', 'subnet-0c'] },
    secret_arns: { TEMPORAL_API_KEY: expect.stringContaining('secret:temporal-a') },
    fan_out_consumers: 1,
    generators: {
      number: 1,
      image,
      repository_arn: 'arn:aws:ecr:us-east-1:123456789012:repository/comparator',
      temporal_address: 'temporal.example.com:7233',
      results_bucket: 'results',
    },
  });
});

test.each([
  ['kinesis', {}],
  ['kafka', { hosting: 'msk' }],
  ['nats', { hosting: 'fargate' }],
])('no secret is among the variables of %s', (technology, settings) => {
  const context = contextOf(technology, settings);
  expect(JSON.stringify(variablesOf(deps, context, []))).not.toContain('canary');
  expect(JSON.stringify(context.backend)).not.toContain('canary');
});
