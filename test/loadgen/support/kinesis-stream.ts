import { CreateStreamCommand, DescribeStreamSummaryCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import type { KinesisEndpoint } from '../../../src/technologies/kinesis.ts';

const region = 'us-east-1';

/** The endpoint of a stream of the emulator. */
export function kinesisEndpoint(url: string, streamName: string) {
  const streamArn = `arn:aws:kinesis:${region}:000000000000:stream/${streamName}`;
  return { region, endpointUrl: url, streamName, streamArn } satisfies KinesisEndpoint;
}

/** Creates a stream in an emulator, on demand where no number of shards is given, and waits until it can be used. */
export async function createKinesisStream(
  url: string,
  streamName: string,
  shards: number | undefined,
): Promise<ReturnType<typeof kinesisEndpoint>> {
  const client = new KinesisClient({ region, endpoint: url });
  await client.send(new CreateStreamCommand({ StreamName: streamName, ShardCount: shards }));
  let status: string | undefined;
  while (status !== 'ACTIVE') {
    const answer = await client.send(new DescribeStreamSummaryCommand({ StreamName: streamName }));
    status = answer.StreamDescriptionSummary?.StreamStatus;
  }
  client.destroy();
  return kinesisEndpoint(url, streamName);
}
