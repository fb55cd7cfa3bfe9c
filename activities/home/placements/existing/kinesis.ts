import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { ClusterError, knownClusters } from '../../../../src/machine/clusters/cluster-files.ts';
import {
  type KinesisAccess,
  kinesisAccess,
  kinesisProblem,
} from '../../../../src/machine/clusters/kinesis-access.ts';
import type { PlacementContext } from '../placement.ts';
import { type ClusterQuestion, existingPlacement, type Listing } from './existing-placement.ts';

async function list({ file, cluster }: ClusterQuestion): Promise<Listing> {
  let access: KinesisAccess;
  try {
    access = kinesisAccess(file, cluster);
  } catch (error) {
    if (error instanceof ClusterError) return { problem: error.message, passing: false };
    throw error;
  }
  const client = new KinesisClient({
    ...access,
    requestHandler: new NodeHttpHandler({ connectionTimeout: 3_000, requestTimeout: 15_000 }),
  });
  try {
    const found: Extract<Listing, { found: unknown }>['found'] = [];
    let after: string | undefined;
    do {
      const page = await client.send(new ListStreamsCommand({ ExclusiveStartStreamName: after }));
      for (const name of page.StreamNames ?? []) found.push({ kind: 'stream', name });
      after = page.HasMoreStreams ? page.StreamNames?.at(-1) : undefined;
    } while (after);
    return { found };
  } catch (error) {
    const { message, passing } = kinesisProblem(error);
    return { problem: message, passing };
  } finally {
    client.destroy();
  }
}

/** A stream of ours in an account of the user's; its registered consumers go with it. */
export const kinesisExisting = existingPlacement({
  technology: 'kinesis',
  cleanupAddress: 'module.account_stream.terraform_data.cleanup',
  variable: 'COMPARATOR_ACCOUNT_STREAM',
  made: { kind: 'stream', words: 'Kinesis stream' },
  list,
  product: (context) => ({
    name: 'Amazon Kinesis',
    version: null,
    ...(isEmulated(context) ? { emulated: true } : {}),
  }),
});

/** What has an endpoint of its own is no service of AWS. */
function isEmulated({ clustersFile, spec }: PlacementContext): boolean {
  const known = knownClusters(clustersFile);
  if ('problem' in known) return false;
  return known.clusters.some(({ name, emulated }) => name === spec.settings.cluster && emulated === true);
}
