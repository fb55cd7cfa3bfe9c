import { expect, test } from '@jest/globals';
import type { CloudClients } from '../../../../../activities/home/placements/aws/clients.ts';
import { findNetwork } from '../../../../../activities/home/placements/aws/network.ts';
import { ownerByName } from '../../../../../activities/home/placements/aws/owners.ts';
import { cloudVariables, repositoryOf } from '../../../../../activities/home/placements/aws/variables.ts';
import type { PlacementContext } from '../../../../../activities/home/placements/placement.ts';

const owner = { installationId: 'inst', experimentId: 'exp-1' };
const tags = (experiment = 'exp-1', name = '', installation = 'inst') => [
  { Key: 'comparator:installation', Value: installation },
  { Key: 'comparator:experiment', Value: experiment },
  { Key: 'Name', Value: name },
];

/** EC2 that heeds no filter, as some endpoints do not. */
function ec2(answers: Record<string, object>): Pick<CloudClients, 'ec2'> {
  const answer = (key: string) => async () => ({ [key]: answers[key] ?? [] });
  return {
    ec2: {
      describeVpcs: answer('Vpcs'),
      describeSubnets: answer('Subnets'),
      describeInternetGateways: answer('InternetGateways'),
      describeVpcEndpoints: answer('VpcEndpoints'),
      describeSecurityGroups: answer('SecurityGroups'),
    },
  } as never;
}

test('takes nothing for its own but what has both tags', async () => {
  const { items, adoptable } = await findNetwork(
    ec2({
      Vpcs: [
        { VpcId: 'vpc-1', Tags: tags() },
        { VpcId: 'vpc-2', Tags: tags('exp-2') },
        { VpcId: 'vpc-3', Tags: tags('exp-1', '', 'other') },
        { VpcId: 'vpc-4' },
      ],
      Subnets: [{ SubnetId: 'subnet-1', VpcId: 'vpc-1', Tags: tags('exp-1', 'cmp-inst-exp-1-1') }],
      SecurityGroups: [
        { GroupId: 'sg-1', GroupName: 'cmp-inst-exp-1-generators', VpcId: 'vpc-1', Tags: tags() },
        { GroupId: 'sg-2', GroupName: 'cmp-inst-exp-1-product', VpcId: 'vpc-1', Tags: tags() },
        { GroupId: 'sg-3', GroupName: 'default', VpcId: 'vpc-1', Tags: tags() },
      ],
      VpcEndpoints: [
        { VpcEndpointId: 'vpce-1', State: 'deleted', VpcId: 'vpc-1', Tags: tags() },
        { VpcEndpointId: 'vpce-2', State: 'available', VpcId: 'vpc-1', Tags: tags() },
      ],
    }),
    owner,
  );
  expect(items.map(({ name }) => name)).toEqual(['vpc-1', 'subnet-1', 'vpce-2', 'sg-1', 'sg-2']);
  expect(adoptable).toEqual([
    { address: 'module.network.aws_vpc.this[0]', importId: 'vpc-1' },
    { address: 'module.network.aws_subnet.this[1]', importId: 'subnet-1' },
    { address: 'module.network.aws_vpc_endpoint.s3[0]', importId: 'vpce-2' },
    { address: 'module.network.aws_security_group.generators', importId: 'sg-1' },
    { address: 'module.network.aws_security_group.product[0]', importId: 'sg-2' },
  ]);
});

test('of two VPCs of an experiment one is taken over at a time, and both are seen', async () => {
  const { items, adoptable } = await findNetwork(
    ec2({
      Vpcs: [
        { VpcId: 'vpc-2', Tags: tags() },
        { VpcId: 'vpc-1', Tags: tags() },
      ],
      Subnets: [
        { SubnetId: 'subnet-2', VpcId: 'vpc-2', Tags: tags('exp-1', 'x-0') },
        { SubnetId: 'subnet-1', VpcId: 'vpc-1', Tags: tags('exp-1', 'x-0') },
      ],
    }),
    owner,
  );
  expect(items).toHaveLength(4);
  expect(adoptable.map(({ importId }) => importId)).toEqual(['vpc-1', 'subnet-1']);
});

test('in subnets of the user’s, its security group is its own', async () => {
  const group = { GroupId: 'sg-1', GroupName: 'cmp-inst-exp-1-generators', VpcId: 'vpc-9', Tags: tags() };
  const { adoptable } = await findNetwork(ec2({ SecurityGroups: [group] }), owner);
  expect(adoptable).toEqual([{ address: 'module.network.aws_security_group.generators', importId: 'sg-1' }]);
});

test.each([
  ['cmp-inst-exp-1-start', '-(?:start|load)', ['exp-1']],
  ['cmp-inst-exp-1-load', '-(?:start|load)', ['exp-1']],
  ['cmp-inst-exp-1-generator-12', '-generator-\\d+', ['exp-1']],
  ['cmp-inst-exp-1', '', ['exp-1']],
  ['cmp-other-exp-1', '', []],
  ['cmp-inst-exp-1-admin', '-(?:start|load)', []],
])('the owner of %s is told by its name', (name, end, ids) => {
  expect(ownerByName(name, 'cmp-inst-', end)).toEqual(ids);
});

test.each([
  [
    '123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/comparator@sha256:0a',
    'arn:aws:ecr:eu-central-1:123456789012:repository/team/comparator',
  ],
  [
    '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/comparator@sha256:0a',
    'arn:aws-cn:ecr:cn-north-1:123456789012:repository/comparator',
  ],
  ['public.ecr.aws/example/comparator@sha256:0a', null],
])('the repository of %s', (image, arn) => {
  expect(repositoryOf(image)).toBe(arn);
});

test('what is made says until when it may stand: an hour beyond its budget', () => {
  const context = {
    installationId: 'inst',
    region: 'us-east-1',
    cloud: { accounts: ['123456789012'], network: null, secretArns: {} },
    spec: { region: 'eu-central-1', budget: { maxCostUsd: 10, maxMinutes: 30 } },
  } as unknown as PlacementContext;
  expect(cloudVariables(context, Date.parse('2026-11-28T12:00:00.500Z'))).toMatchObject({
    allowed_account_ids: ['123456789012'],
    expires_at: '2026-11-28T13:30:00Z',
    region: 'eu-central-1',
    network: null,
  });
});
