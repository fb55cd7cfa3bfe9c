import type { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import type { EC2 } from '@aws-sdk/client-ec2';
import type { ECS } from '@aws-sdk/client-ecs';
import type { IAM } from '@aws-sdk/client-iam';
import type { Kafka } from '@aws-sdk/client-kafka';
import type { Kinesis } from '@aws-sdk/client-kinesis';
import type { STS } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** A region, of AWS itself where no endpoint is named. */
export interface CloudRegion {
  region: string;
  endpointUrl: string | null;
}

/** AWS's services, as far as experiments have anything in them. */
export interface CloudClients {
  ec2: EC2;
  ecs: ECS;
  iam: IAM;
  kafka: Kafka;
  kinesis: Kinesis;
  logs: CloudWatchLogs;
  sts: STS;
}

const known = new Map<string, Promise<CloudClients>>();

/** The clients of a region, which keep connections open. They are loaded with the first, for most homes need none. */
export function cloudClients(place: CloudRegion): Promise<CloudClients> {
  const key = `${place.region} ${place.endpointUrl}`;
  const clients = known.get(key) ?? load(place);
  known.set(key, clients);
  return clients;
}

async function load({ region, endpointUrl }: CloudRegion): Promise<CloudClients> {
  const [ec2, ecs, iam, kafka, kinesis, logs, sts] = await Promise.all([
    import('@aws-sdk/client-ec2'),
    import('@aws-sdk/client-ecs'),
    import('@aws-sdk/client-iam'),
    import('@aws-sdk/client-kafka'),
    import('@aws-sdk/client-kinesis'),
    import('@aws-sdk/client-cloudwatch-logs'),
    import('@aws-sdk/client-sts'),
  ]);
  const options = {
    region,
    ...(endpointUrl ? { endpoint: endpointUrl } : {}),
    // Many looks in a row meet AWS's limits of calls; the SDK waits then, and tries again.
    maxAttempts: 8,
    requestHandler: new NodeHttpHandler({ connectionTimeout: 5_000, requestTimeout: 30_000 }),
  };
  return {
    ec2: new ec2.EC2(options),
    ecs: new ecs.ECS(options),
    iam: new iam.IAM(options),
    kafka: new kafka.Kafka(options),
    kinesis: new kinesis.Kinesis(options),
    logs: new logs.CloudWatchLogs(options),
    sts: new sts.STS(options),
  };
}

/** The answer of a call; undefined where AWS says by one of these names that there is no such thing. */
export async function unlessMissing<T>(names: readonly string[], call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && names.includes(error.name)) return undefined;
    throw error;
  }
}

/** All of a list that comes in pages. */
export async function allPages<T>(
  page: (token: string | undefined) => Promise<{ items: T[] | undefined; next: string | undefined }>,
): Promise<T[]> {
  const all: T[] = [];
  let token: string | undefined;
  do {
    const { items, next } = await page(token);
    all.push(...(items ?? []));
    token = next || undefined;
  } while (token);
  return all;
}
