import { DescribeStreamConsumerCommand, DescribeStreamSummaryCommand } from '@aws-sdk/client-kinesis';
import { clustersFile } from '../../../src/config.ts';
import type { KinesisAccess } from '../../../src/machine/clusters/kinesis-access.ts';
import { fanOutConsumerName } from '../../../src/technologies/kinesis/fan-out.ts';
import type { KinesisEndpoint, KinesisSettings } from '../../../src/technologies/kinesis.ts';
import type { DriverContext } from '../driver.ts';
import { connectKinesis } from './connection.ts';

/** Where a stream is, and who one is there. */
export interface KinesisPlace {
  access: KinesisAccess;
  streamName: string;
  /** Of the consumer with enhanced fan-out, where one is registered. */
  consumerArn: string | null;
}

/**
 * A driver's context with where the stream is. An account of the user's is looked up here, in the process that connects: no
 * message, no state and no log has more than its name.
 * @throws when the file of clusters lacks it, its files cannot be read, or it does not let us in
 */
export async function placed<Context extends DriverContext<KinesisSettings, KinesisEndpoint>>(
  context: Context,
): Promise<Omit<Context, 'endpoint'> & { endpoint: KinesisPlace }> {
  const { endpoint } = context;
  const { streamName } = endpoint;
  if (!('cluster' in endpoint)) {
    const { region, endpointUrl, consumerArns } = endpoint;
    const access = { region, ...(endpointUrl ? { endpoint: endpointUrl } : {}) };
    return { ...context, endpoint: { access, streamName, consumerArn: consumerArns?.[0] ?? null } };
  }
  // It brings a reader of YAML, which no other experiment needs.
  const { kinesisAccess, kinesisProblem } = await import('../../../src/machine/clusters/kinesis-access.ts');
  const access = kinesisAccess(clustersFile(), endpoint.cluster);
  const place = { access, streamName, consumerArn: null };
  try {
    const consumerArn = await findConsumer(place, context.settings);
    return { ...context, endpoint: { ...place, consumerArn } };
  } catch (error) {
    const { message } = kinesisProblem(error);
    throw new Error(`the cluster ${endpoint.cluster} cannot be used: ${message}`, { cause: error });
  }
}

/** Also tries whether the service lets us in, whichever consumer is asked for. */
async function findConsumer(place: KinesisPlace, { consumer }: KinesisSettings): Promise<string | null> {
  const client = connectKinesis(place, 1);
  try {
    const { streamName } = place;
    const { StreamDescriptionSummary } = await client.send(
      new DescribeStreamSummaryCommand({ StreamName: streamName }),
    );
    if (consumer === 'polling') return null;
    const { ConsumerDescription } = await client.send(
      new DescribeStreamConsumerCommand({
        StreamARN: StreamDescriptionSummary?.StreamARN,
        ConsumerName: fanOutConsumerName(streamName),
      }),
    );
    return ConsumerDescription?.ConsumerARN ?? null;
  } finally {
    client.destroy();
  }
}
