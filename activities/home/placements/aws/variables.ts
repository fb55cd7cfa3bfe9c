import type { GeneratorPlace, PlacementContext } from '../placement.ts';

/** The region in which an experiment's things are made; that of the installation where its spec names none. */
export function regionOf({ spec, region }: Pick<PlacementContext, 'spec' | 'region'>): string {
  return spec.region ?? region;
}

/** A destroy must know nothing of images; the module wants one all the same. */
const noImage = `none@sha256:${'0'.repeat(64)}`;
/** From when on whoever finds it may destroy it: the experiment itself has done so by then. */
const graceMinutes = 60;
const usualMinutes = 120;

/** Variables that every root on AWS has. No secret is among them: those are given by reference. */
export function cloudVariables(context: PlacementContext, nowEpochMs = Date.now()): Record<string, unknown> {
  const { cloud, installationId, spec } = context;
  const minutes = (spec.budget?.maxMinutes ?? usualMinutes) + graceMinutes;
  const expires = new Date(nowEpochMs + minutes * 60_000);
  return {
    allowed_account_ids: cloud.accounts,
    expires_at: expires.toISOString().replace(/\.\d+Z$/, 'Z'),
    installation_id: installationId,
    network: cloud.network && { vpc_id: cloud.network.vpcId, subnet_ids: cloud.network.subnetIds },
    region: regionOf(context),
    secret_arns: cloud.secretArns,
  };
}

/** Load generators as the aws-generator module takes them. */
export function cloudGenerators({ cloud }: PlacementContext, place: GeneratorPlace): Record<string, unknown> {
  const image = cloud.image ?? noImage;
  return {
    number: place.number,
    image,
    repository_arn: repositoryOf(image),
    temporal_address: place.temporalAddress,
    temporal_namespace: place.temporalNamespace,
    results_bucket: place.resultsBucket,
  };
}

/** ARN of a private repository of ECR, which its readers must be allowed; null for an image from elsewhere. */
export function repositoryOf(image: string): string | null {
  const match = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?\/([^:@]+)/.exec(image);
  if (!match) return null;
  const [, account, region, china, repository] = match;
  const partition = china ? 'aws-cn' : region?.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  return `arn:${partition}:ecr:${region}:${account}:repository/${repository}`;
}
