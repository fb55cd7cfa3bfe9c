import type { Tag } from '@aws-sdk/client-ec2';
import { allPages, type CloudClients } from './clients.ts';
import { nameOf, ownershipTags } from './finding.ts';

/**
 * Ids of the experiments of an installation that have anything of the network or the load generators in a region: by the
 * tag of what is tagged as it is made, and by the names of what another thing never stands without.
 */
export async function listSharedOwners(
  { ec2, ecs, iam, logs }: CloudClients,
  installationId: string,
): Promise<string[]> {
  const start = nameOf({ installationId, experimentId: '' });
  const Filters = [{ Name: `tag:${ownershipTags.installation}`, Values: [installationId] }];
  const lists = await Promise.all([
    allPages((NextToken) =>
      ec2.describeVpcs({ Filters, NextToken }).then(({ Vpcs, NextToken: next }) => ({ items: Vpcs, next })),
    ).then((all) => all.flatMap(({ Tags }) => ownerByTags(Tags, installationId))),
    allPages((NextToken) =>
      ec2
        .describeSecurityGroups({ Filters, NextToken })
        .then(({ SecurityGroups, NextToken: next }) => ({ items: SecurityGroups, next })),
    ).then((all) => all.flatMap(({ Tags }) => ownerByTags(Tags, installationId))),
    allPages((nextToken) =>
      ecs
        .listClusters({ nextToken })
        .then(({ clusterArns, nextToken: next }) => ({ items: clusterArns, next })),
    ).then((all) => all.flatMap((arn) => ownerByName(arn.split('/').at(-1), start, ''))),
    allPages((nextToken) =>
      ecs
        .listTaskDefinitionFamilies({ familyPrefix: start, status: 'ACTIVE', nextToken })
        .then(({ families, nextToken: next }) => ({ items: families, next })),
    ).then((all) => all.flatMap((family) => ownerByName(family, start, '-(?:generator|server)-\\d+'))),
    allPages((nextToken) =>
      logs
        .describeLogGroups({ logGroupNamePrefix: `/comparator/${start}`, nextToken })
        .then(({ logGroups, nextToken: next }) => ({ items: logGroups, next })),
    ).then((all) => all.flatMap(({ logGroupName }) => ownerByName(logGroupName, `/comparator/${start}`, ''))),
    allPages((Marker) =>
      iam.listRoles({ Marker }).then(({ Roles, Marker: next }) => ({ items: Roles, next })),
    ).then((all) => all.flatMap(({ RoleName }) => ownerByName(RoleName, start, '-(?:start|load|serve)'))),
  ]);
  return lists.flat();
}

/** Of names such as `cmp-<installation>-<experiment>-start`, the experiment. */
export function ownerByName(name: string | undefined, start: string, end: string): string[] {
  if (!name?.startsWith(start)) return [];
  const id = new RegExp(`^(.+?)${end}$`).exec(name.slice(start.length))?.[1];
  return id ? [id] : [];
}

function ownerByTags(tags: Tag[] | undefined, installationId: string): string[] {
  const value = (key: string) => tags?.find(({ Key }) => Key === key)?.Value;
  const id = value(ownershipTags.experiment);
  return value(ownershipTags.installation) === installationId && id ? [id] : [];
}

/** Those of them whose time is over, by the tag of their VPC or security groups. */
export async function listExpired(
  { ec2 }: Pick<CloudClients, 'ec2'>,
  installationId: string,
  now: Date,
): Promise<string[]> {
  const Filters = [{ Name: `tag:${ownershipTags.installation}`, Values: [installationId] }];
  const groups = await allPages((NextToken) =>
    ec2
      .describeSecurityGroups({ Filters, NextToken })
      .then(({ SecurityGroups, NextToken: next }) => ({ items: SecurityGroups, next })),
  );
  return groups.flatMap(({ Tags }) => {
    const expires = Date.parse(Tags?.find(({ Key }) => Key === ownershipTags.expires)?.Value ?? '');
    return expires <= now.getTime() ? ownerByTags(Tags, installationId) : [];
  });
}
