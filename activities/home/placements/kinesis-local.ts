import { setTimeout as delay } from 'node:timers/promises';
import {
  DescribeStreamSummaryCommand,
  type KinesisClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-kinesis';
import { kinesisSettingsSchema } from '../../../src/technologies/kinesis.ts';
import type { Placement, PlacementContext } from './placement.ts';

const streamAddress = 'module.stream.aws_kinesis_stream.this';

/**
 * Name of an experiment's stream; the root module makes the same. A stream whose terraform was killed while creating it has
 * no tags yet and is in no state: its name is the only way to find it.
 */
export function streamName(installationId: string, experimentId: string): string {
  return `cmp-${installationId}-${experimentId}`;
}

/** Status of a stream, or null where there is none. */
async function streamStatus(kinesis: KinesisClient, name: string): Promise<string | null> {
  try {
    const answer = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: name }));
    return answer.StreamDescriptionSummary?.StreamStatus ?? null;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return null;
    throw error;
  }
}

/** Waits while a stream is being made or removed, for only an active one can be imported and destroyed. */
async function settledStatus(
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

/** A stream in the emulator; on a real account the same with another endpoint. */
export const kinesisLocal: Placement = {
  async inventory(context) {
    const name = ownName(context);
    const status = await streamStatus(context.kinesis, name);
    if (status === null) return [];
    return [{ kind: 'stream', name, description: `Kinesis stream, ${status} by describe` }];
  },
  async adoptable(context) {
    const name = ownName(context);
    const status = await settledStatus(context.kinesis, name, 60_000);
    return status === null ? [] : [{ address: streamAddress, importId: name }];
  },
  isUsable: async (context) => (await streamStatus(context.kinesis, ownName(context))) === 'ACTIVE',
  portsNeeded: ({ settings }) => (kinesisSettingsSchema.parse(settings).enforceQuotas ? 1 : 0),
  variables: ({ installationId, region, endpointUrl }, [quotaProxyPort]) => ({
    installation_id: installationId,
    region,
    aws_endpoint_url: endpointUrl,
    quota_proxy_port: quotaProxyPort ?? null,
  }),
  product: () => ({ name: 'Amazon Kinesis', version: null }),
};
