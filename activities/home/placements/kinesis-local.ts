import { setTimeout as delay } from 'node:timers/promises';
import {
  DescribeStreamSummaryCommand,
  KinesisClient,
  ListStreamsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { kinesisSettingsSchema } from '../../../src/technologies/kinesis.ts';
import { InvalidInputError } from '../../../src/temporal/activity-error.ts';
import type { InstallationContext, Placement, PlacementContext } from './placement.ts';

const streamAddress = 'module.stream.aws_kinesis_stream.this';

/**
 * Name of an experiment's stream; the root module makes the same. A stream whose terraform was killed while creating it has
 * no tags yet and is in no state: its name is the only way to find it.
 */
export function streamName(installationId: string, experimentId: string): string {
  return `cmp-${installationId}-${experimentId}`;
}

type Place = Pick<InstallationContext, 'region' | 'endpointUrl'>;
const clients = new Map<string, KinesisClient>();

/** One client for each place, since each keeps connections open. */
function clientOf({ region, endpointUrl }: Place): KinesisClient {
  const key = `${region} ${endpointUrl}`;
  const client =
    clients.get(key) ??
    new KinesisClient({
      region,
      ...(endpointUrl ? { endpoint: endpointUrl } : {}),
      // The emulator ends HTTP/2 sessions with errors after a while.
      requestHandler: new NodeHttpHandler({ connectionTimeout: 3_000, requestTimeout: 15_000 }),
    });
  clients.set(key, client);
  return client;
}

/** Status of a stream, or null where there is none. */
export async function streamStatus(kinesis: KinesisClient, name: string): Promise<string | null> {
  try {
    const answer = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: name }));
    return answer.StreamDescriptionSummary?.StreamStatus ?? null;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return null;
    throw error;
  }
}

/** Waits while a stream is being made or removed, for only an active one can be imported and destroyed. */
export async function settledStatus(
  kinesis: KinesisClient,
  name: string,
  timeoutMs: number,
): Promise<string | null> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const status = await streamStatus(kinesis, name);
    if (status === null || status === 'ACTIVE') return status;
    if (Date.now() > deadline)
      throw new Error(`the stream ${name} has stayed ${status} for ${timeoutMs / 1_000} s`);
    await delay(500);
  }
}

function ownName({ installationId, experimentId }: PlacementContext): string {
  return streamName(installationId, experimentId);
}

/** Ids of the experiments of an installation that have a stream, by its name. */
export async function listOwners(kinesis: KinesisClient, installationId: string): Promise<string[]> {
  const prefix = streamName(installationId, '');
  const ids: string[] = [];
  let startAfter: string | undefined;
  do {
    const page = await kinesis.send(new ListStreamsCommand({ ExclusiveStartStreamName: startAfter }));
    for (const name of page.StreamNames ?? []) {
      if (name.startsWith(prefix)) ids.push(name.slice(prefix.length));
    }
    startAfter = page.HasMoreStreams ? page.StreamNames?.at(-1) : undefined;
  } while (startAfter);
  return ids;
}

/**
 * A stream in the emulator; on a real account the same with another endpoint.
 * @param connect the client of a place
 */
export function kinesisPlacement(connect: (place: Place) => KinesisClient): Placement {
  return {
    async assertReady({ endpointUrl }) {
      if (endpointUrl !== null) return;
      throw new InvalidInputError(
        'kinesis on local is emulated, and there is no emulator here, for AWS itself is used: choose target: aws, or name an emulator in AWS_ENDPOINT_URL for a comparator of its own',
      );
    },
    async inventory(context) {
      const name = ownName(context);
      const status = await streamStatus(connect(context), name);
      if (status === null) return [];
      return [{ kind: 'stream', name, description: `Kinesis stream, ${status} by describe` }];
    },
    // Without an emulator, streams are of experiments on `aws`.
    owners: async (installation) =>
      installation.endpointUrl === null ? [] : listOwners(connect(installation), installation.installationId),
    async adoptable(context) {
      const name = ownName(context);
      const status = await settledStatus(connect(context), name, 60_000);
      return status === null ? [] : [{ address: streamAddress, importId: name }];
    },
    isUsable: async (context) => (await streamStatus(connect(context), ownName(context))) === 'ACTIVE',
    portsNeeded: ({ settings }) => (kinesisSettingsSchema.parse(settings).enforceQuotas ? 1 : 0),
    variables: ({ installationId, region, endpointUrl }, [quotaProxyPort]) => ({
      installation_id: installationId,
      region,
      aws_endpoint_url: endpointUrl,
      quota_proxy_port: quotaProxyPort ?? null,
    }),
    product: () => ({ name: 'Amazon Kinesis', version: null }),
  };
}

export const kinesisLocal = kinesisPlacement(clientOf);
