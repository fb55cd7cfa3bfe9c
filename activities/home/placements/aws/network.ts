import type { Filter, Tag } from '@aws-sdk/client-ec2';
import { allPages, type CloudClients } from './clients.ts';
import { type Finding, found, nameOf, type Owner, ownershipTags, together } from './finding.ts';

const module = 'module.network';

/**
 * What the aws-network module made of an experiment: all of it was tagged as it was made. What a VPC comes with, its route
 * table and its default security group, goes with it. Of several VPCs, which a terraform that was killed again and again
 * may leave, one is taken over at a time.
 */
export async function findNetwork({ ec2 }: Pick<CloudClients, 'ec2'>, owner: Owner): Promise<Finding> {
  const ask = { Filters: filtersOf(owner) };
  const [vpcs, subnets, gateways, endpoints, groups] = await Promise.all([
    allPages((NextToken) =>
      ec2.describeVpcs({ ...ask, NextToken }).then(({ Vpcs, NextToken: next }) => ({ items: Vpcs, next })),
    ),
    allPages((NextToken) =>
      ec2
        .describeSubnets({ ...ask, NextToken })
        .then(({ Subnets, NextToken: next }) => ({ items: Subnets, next })),
    ),
    allPages((NextToken) =>
      ec2
        .describeInternetGateways({ ...ask, NextToken })
        .then(({ InternetGateways, NextToken: next }) => ({ items: InternetGateways, next })),
    ),
    allPages((NextToken) =>
      ec2
        .describeVpcEndpoints({ ...ask, NextToken })
        .then(({ VpcEndpoints, NextToken: next }) => ({ items: VpcEndpoints, next })),
    ),
    allPages((NextToken) =>
      ec2
        .describeSecurityGroups({ ...ask, NextToken })
        .then(({ SecurityGroups, NextToken: next }) => ({ items: SecurityGroups, next })),
    ),
  ]);
  const own = <T extends { Tags?: Tag[] | undefined }>(all: readonly T[]) =>
    all.filter(({ Tags }) => isOf(owner, Tags));
  const first = own(vpcs)
    .map(({ VpcId }) => VpcId ?? '')
    .sort()[0];
  const taken = (vpcId: string | undefined, address: string, importId: string) =>
    first === undefined || vpcId === undefined || vpcId === first ? { address, importId } : null;
  return together([
    ...own(vpcs).map(({ VpcId = '' }) =>
      found('vpc', VpcId, 'VPC, by its tags', taken(VpcId, `${module}.aws_vpc.this[0]`, VpcId)),
    ),
    ...own(subnets).map(({ SubnetId = '', VpcId, Tags }) => {
      const place = indexOf(Tags);
      const at = place === null ? null : taken(VpcId, `${module}.aws_subnet.this[${place}]`, SubnetId);
      return found('subnet', SubnetId, 'subnet, by its tags', at);
    }),
    ...own(gateways).map(({ InternetGatewayId: id = '', Attachments }) => {
      const at = taken(Attachments?.[0]?.VpcId, `${module}.aws_internet_gateway.this[0]`, id);
      return found('internet-gateway', id, 'internet gateway, by its tags', at);
    }),
    ...own(endpoints)
      .filter(({ State }) => String(State).toLowerCase() !== 'deleted')
      .map(({ VpcEndpointId: id = '', VpcId }) =>
        found(
          'vpc-endpoint',
          id,
          'endpoint of S3, by its tags',
          taken(VpcId, `${module}.aws_vpc_endpoint.s3[0]`, id),
        ),
      ),
    ...own(groups)
      .filter(({ GroupName }) => GroupName !== 'default')
      .map(({ GroupId: id = '', GroupName = '', VpcId }) => {
        const address = groupAddress(GroupName, owner);
        const at = address === null ? null : taken(VpcId, address, id);
        return found('security-group', id, `security group ${GroupName}, by its tags`, at);
      }),
  ]);
}

function groupAddress(groupName: string, owner: Owner): string | null {
  const name = nameOf(owner);
  if (groupName === `${name}-generators`) return `${module}.aws_security_group.generators`;
  return groupName === `${name}-product` ? `${module}.aws_security_group.product[0]` : null;
}

/** Number of a subnet, which its name ends with. */
function indexOf(tags: Tag[] | undefined): string | null {
  const name = tags?.find(({ Key }) => Key === 'Name')?.Value ?? '';
  return /-(\d+)$/.exec(name)?.[1] ?? null;
}

function filtersOf({ installationId, experimentId }: Owner): Filter[] {
  return [
    { Name: `tag:${ownershipTags.installation}`, Values: [installationId] },
    { Name: `tag:${ownershipTags.experiment}`, Values: [experimentId] },
  ];
}

/** Looked at again, for what is found is destroyed: not every endpoint heeds every filter. */
function isOf({ installationId, experimentId }: Owner, tags: Tag[] | undefined): boolean {
  const has = (key: string, value: string) => tags?.some(({ Key, Value }) => Key === key && Value === value);
  return Boolean(
    has(ownershipTags.installation, installationId) && has(ownershipTags.experiment, experimentId),
  );
}
