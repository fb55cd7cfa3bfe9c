import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { cloudResources } from '../../src/analysis/plan/cloud-resources.ts';
import { projectRoot } from '../../src/config.ts';
import { experimentSchema } from '../../src/contracts/input/experiment.ts';

/** Addresses, without keys, of what a root and the modules that it calls declare. */
function declaredIn(module: string): string[] {
  const text = readdirSync(module)
    .filter((name) => name.endsWith('.tf'))
    .map((name) => readFileSync(join(module, name), 'utf8'))
    .join('\n');
  const own = [...text.matchAll(/^resource "(\w+)" "(\w+)"/gm)].map(([, type, name]) => `${type}.${name}`);
  const called = text.matchAll(/^module "(\w+)" \{\s*\n\s*source\s*=\s*"([^"]+)"/gm);
  return [
    ...own,
    ...[...called].flatMap(([, name, source]) =>
      declaredIn(join(module, source as string)).map((address) => `module.${name}.${address}`),
    ),
  ];
}

const specOf = (technology: string, settings: object) =>
  experimentSchema.parse({
    name: technology,
    technology,
    target: 'aws',
    settings,
    workload: { load: { shape: 'constant', messagesPerSecond: 1 }, producers: 2 },
  });

const servers = ['aws_iam_role.server', 'aws_iam_role_policy.server'].map(
  (one) => `module.load_generators.${one}`,
);

test.each([
  ['kinesis', { consumer: 'enhanced-fan-out' }, ['module.network.aws_security_group.product', ...servers]],
  ['kafka', { hosting: 'msk' }, ['aws_msk_single_scram_secret_association.this', ...servers]],
  ['nats', { hosting: 'fargate' }, []],
])(
  'a dry run lists all that %s/aws makes, but for what it has no use for',
  (technology, settings, without) => {
    const [listed] = cloudResources([specOf(technology, settings)], true);
    const bare = listed?.addresses.map((address) => address.replaceAll(/\[[^\]]*\]/g, ''));
    const declared = declaredIn(join(projectRoot, 'terraform', technology, 'aws'));
    expect([...new Set(bare)].sort()).toEqual(declared.filter((one) => !without.includes(one)).sort());
  },
);

test('each broker zone has a subnet, and in subnets of the user’s none is made', () => {
  const subnets = (settings: object, own: boolean) =>
    cloudResources([specOf('kafka', { hosting: 'msk', ...settings })], own)[0]?.addresses.filter((one) =>
      one.includes('aws_subnet'),
    );
  expect(subnets({}, true)).toHaveLength(3);
  expect(subnets({ brokers: 2 }, true)).toHaveLength(2);
  expect(subnets({}, false)).toEqual([]);
});

test('each server of ours has a task and a subnet', () => {
  const listed = (settings: object) =>
    cloudResources([specOf('nats', { hosting: 'fargate', ...settings })], true)[0]?.addresses.filter((one) =>
      /aws_subnet|server-\d/.test(one),
    );
  expect(listed({})).toHaveLength(3);
  expect(listed({ replicas: 3 })).toHaveLength(9);
});
