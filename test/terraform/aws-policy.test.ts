import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { projectRoot } from '../../src/config.ts';

/** The permissions that a user gives the comparator on AWS, against what its roots and its own looks do. */

const texts = z.union([z.string(), z.array(z.string())]).transform((one) => [one].flat());
const policySchema = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z.array(
    z.strictObject({
      Sid: z.string().regex(/^[A-Za-z0-9]+$/),
      Effect: z.literal('Allow'),
      Action: texts,
      Resource: texts,
      Condition: z.record(z.string(), z.record(z.string(), texts)).optional(),
    }),
  ),
});

const text = readFileSync(join(projectRoot, 'terraform', 'aws-policy.json'), 'utf8');
const { Statement } = policySchema.parse(JSON.parse(text));
const allowed = new Set(Statement.flatMap(({ Action }) => Action));

/**
 * What AWS provider 5.100.0 calls to make, read, change and remove a resource of a type, as its sources and AWS's
 * documentation of the calls have it.
 */
const needed: Record<string, string[]> = {
  aws_cloudwatch_log_group: [
    ...['CreateLogGroup', 'DescribeLogGroups', 'ListTagsForResource', 'PutRetentionPolicy'],
    ...['TagResource', 'DeleteLogGroup'],
  ].map((one) => `logs:${one}`),
  aws_default_route_table: [
    'ec2:DescribeRouteTables',
    'ec2:CreateRoute',
    'ec2:DeleteRoute',
    'ec2:CreateTags',
  ],
  aws_default_security_group: [
    ...['DescribeSecurityGroups', 'RevokeSecurityGroupIngress', 'RevokeSecurityGroupEgress', 'CreateTags'],
  ].map((one) => `ec2:${one}`),
  aws_ecs_cluster: ['CreateCluster', 'DescribeClusters', 'UpdateCluster', 'DeleteCluster', 'TagResource'].map(
    (one) => `ecs:${one}`,
  ),
  aws_ecs_service: [
    ...['CreateService', 'DescribeServices', 'UpdateService', 'DeleteService', 'TagResource'].map(
      (one) => `ecs:${one}`,
    ),
    'iam:PassRole',
  ],
  aws_ecs_task_definition: [
    ...['RegisterTaskDefinition', 'DescribeTaskDefinition', 'DeregisterTaskDefinition', 'TagResource'].map(
      (one) => `ecs:${one}`,
    ),
    'iam:PassRole',
  ],
  aws_iam_role: [
    ...['CreateRole', 'GetRole', 'TagRole', 'ListRolePolicies', 'ListAttachedRolePolicies'],
    ...['ListInstanceProfilesForRole', 'DeleteRole'],
  ].map((one) => `iam:${one}`),
  aws_iam_role_policy: ['PutRolePolicy', 'GetRolePolicy', 'DeleteRolePolicy'].map((one) => `iam:${one}`),
  aws_internet_gateway: [
    ...['CreateInternetGateway', 'AttachInternetGateway', 'DescribeInternetGateways'],
    ...['DetachInternetGateway', 'DeleteInternetGateway', 'CreateTags'],
  ].map((one) => `ec2:${one}`),
  aws_kinesis_stream: [
    ...['CreateStream', 'DescribeStreamSummary', 'ListTagsForStream', 'AddTagsToStream', 'DeleteStream'],
    ...['IncreaseStreamRetentionPeriod', 'StartStreamEncryption'],
  ].map((one) => `kinesis:${one}`),
  aws_kinesis_stream_consumer: [
    ...['RegisterStreamConsumer', 'DescribeStreamConsumer', 'DeregisterStreamConsumer'],
  ].map((one) => `kinesis:${one}`),
  aws_msk_cluster: [
    ...['CreateClusterV2', 'DescribeClusterV2', 'GetBootstrapBrokers', 'DeleteCluster', 'TagResource'].map(
      (one) => `kafka:${one}`,
    ),
    ...['DescribeSubnets', 'DescribeVpcs', 'DescribeSecurityGroups'].map((one) => `ec2:${one}`),
    ...['CreateLogDelivery', 'GetLogDelivery', 'DeleteLogDelivery'].map((one) => `logs:${one}`),
    'iam:CreateServiceLinkedRole',
  ],
  aws_msk_configuration: [
    ...['CreateConfiguration', 'DescribeConfiguration', 'DescribeConfigurationRevision'],
    'DeleteConfiguration',
  ].map((one) => `kafka:${one}`),
  aws_msk_single_scram_secret_association: [
    ...['BatchAssociateScramSecret', 'ListScramSecrets', 'BatchDisassociateScramSecret'],
  ].map((one) => `kafka:${one}`),
  aws_security_group: [
    ...['CreateSecurityGroup', 'DescribeSecurityGroups', 'AuthorizeSecurityGroupIngress'],
    ...['AuthorizeSecurityGroupEgress', 'RevokeSecurityGroupEgress', 'DeleteSecurityGroup', 'CreateTags'],
    'DescribeNetworkInterfaces',
  ].map((one) => `ec2:${one}`),
  aws_subnet: ['CreateSubnet', 'DescribeSubnets', 'DeleteSubnet', 'CreateTags'].map((one) => `ec2:${one}`),
  aws_vpc: [
    ...['CreateVpc', 'DescribeVpcs', 'DescribeVpcAttribute', 'ModifyVpcAttribute', 'DescribeNetworkAcls'],
    ...['DescribeRouteTables', 'DescribeSecurityGroups', 'DeleteVpc', 'CreateTags'],
  ].map((one) => `ec2:${one}`),
  aws_vpc_endpoint: [
    ...[
      'CreateVpcEndpoint',
      'DescribeVpcEndpoints',
      'DescribePrefixLists',
      'DeleteVpcEndpoints',
      'CreateTags',
    ],
  ].map((one) => `ec2:${one}`),
};

/** Types of the resources in the roots on AWS and the modules that they name. */
function typesIn(folder: string): string[] {
  const source = readdirSync(join(projectRoot, 'terraform', folder))
    .filter((name) => name.endsWith('.tf'))
    .map((name) => readFileSync(join(projectRoot, 'terraform', folder, name), 'utf8'))
    .join('\n');
  return [...source.matchAll(/^resource "(aws_\w+)"/gm)].map(([, type]) => type as string);
}

const folders = [
  'kinesis/aws',
  'kafka/aws',
  'nats/aws',
  'kinesis/modules/stream',
  'modules/aws-network',
  'modules/aws-generator',
];

describe('the policy allows', () => {
  test.each([...new Set(folders.flatMap(typesIn))].sort())('what %s takes', (type) => {
    expect(needed).toHaveProperty(type);
    expect(needed[type]?.filter((action) => !allowed.has(action))).toEqual([]);
  });

  test('what the inventory and its clean-up call', () => {
    const placements = join(projectRoot, 'activities', 'home', 'placements');
    const sources = readdirSync(placements, { recursive: true, encoding: 'utf8' })
      .filter((name) => /(^aws\/|-aws\.ts$|kinesis-local\.ts$)/.test(name) && name.endsWith('.ts'))
      .map((name) => readFileSync(join(placements, name), 'utf8'))
      .join('\n');
    const calls = [...sources.matchAll(/\b(ec2|ecs|iam|kafka|kinesis|logs|sts)\s*\.\s*([a-z]\w+)\(/g)].map(
      ([, service, call]) => `${service}:${call?.[0]?.toUpperCase()}${call?.slice(1)}`,
    );
    const commands = [...sources.matchAll(/new (\w+)Command\(/g)].map(([, call]) => `kinesis:${call}`);
    const all = [...new Set([...calls, ...commands])].filter((one) => !one.endsWith(':Send'));
    expect(all.length).toBeGreaterThan(20);
    expect(all.filter((action) => !allowed.has(action))).toEqual([]);
  });

  test('no action by a pattern, and none twice in a statement', () => {
    for (const { Action } of Statement) {
      expect(Action.filter((action) => !/^[a-z0-9-]+:[A-Za-z0-9]+$/.test(action))).toEqual([]);
      expect(new Set(Action).size).toBe(Action.length);
    }
  });

  test('to change what is not the comparator’s in no other place than it says', () => {
    const free = Statement.filter(
      ({ Sid, Resource, Condition }) => Sid !== 'Look' && Resource.includes('*') && !Condition,
    );
    expect(free.map(({ Sid }) => Sid)).toEqual([
      'TaskDefinitionsHaveNoResource',
      'LogsOfMskBrokers',
      'MskConfigurations',
    ]);
    const [look] = Statement;
    expect(look?.Action.filter((action) => !/:(Describe|List|Get)/.test(action))).toEqual([]);
  });
});

test('it fits into two managed policies of IAM', () => {
  // 6,144 characters each, blanks not counted.
  expect(text.replaceAll(/\s/g, '').length).toBeLessThan(2 * 6_144);
});
