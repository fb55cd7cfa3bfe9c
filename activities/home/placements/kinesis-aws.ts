import { kinesisSettingsSchema } from '../../../src/technologies/kinesis.ts';
import { allPages, unlessMissing } from './aws/clients.ts';
import { type CloudProduct, cloudPlacement } from './aws/cloud-placement.ts';
import { found, nameOf, together } from './aws/finding.ts';
import { listOwners, settledStatus, streamStatus } from './kinesis-local.ts';

const module = 'module.stream';

/** All consumers are of one group, so that one with enhanced fan-out is registered. */
function fanOutConsumers(settings: Record<string, unknown>): number {
  const parsed = kinesisSettingsSchema.safeParse(settings);
  return parsed.data?.consumer === 'enhanced-fan-out' ? 1 : 0;
}

const stream: CloudProduct = {
  limits: { runMs: 30 * 60_000, patienceMs: 120_000, cancelGraceMs: 60_000 },
  async find({ kinesis }, owner, settings) {
    const name = nameOf(owner);
    const status = await streamStatus(kinesis, name);
    if (status === null) return together([]);
    const consumers = fanOutConsumers(settings) === 0 ? [] : await consumersOf(kinesis, name);
    return together([
      found('stream', name, `Kinesis stream, ${status} by describe`, {
        address: `${module}.aws_kinesis_stream.this`,
        importId: name,
      }),
      // They go with the stream, and are imported lest they keep it from going.
      ...consumers.map((one) => ({ items: [], adoptable: [one] })),
    ]);
  },
  // A stream with consumers is not deleted before they are, unless it was made so that it is; what was imported was not.
  async recall({ kinesis }, owner) {
    const name = nameOf(owner);
    if ((await streamStatus(kinesis, name)) === null) return {};
    return (await consumersOf(kinesis, name)).length > 0 ? { consumer: 'enhanced-fan-out' } : {};
  },
  async settle({ kinesis }, owner) {
    await settledStatus(kinesis, nameOf(owner), 120_000);
  },
  owners: ({ kinesis }, installationId) => listOwners(kinesis, installationId),
  isUsable: async ({ kinesis }, owner) => (await streamStatus(kinesis, nameOf(owner))) === 'ACTIVE',
  variables: ({ settings }) => ({ fan_out_consumers: fanOutConsumers(settings) }),
  product: () => ({ name: 'Amazon Kinesis', version: null }),
};

/** Consumers of ours, each by its number. */
async function consumersOf(kinesis: Parameters<CloudProduct['find']>[0]['kinesis'], name: string) {
  const summary = await kinesis.describeStreamSummary({ StreamName: name });
  const StreamARN = summary.StreamDescriptionSummary?.StreamARN;
  const consumers = await unlessMissing(
    ['ResourceNotFoundException'],
    allPages((NextToken) =>
      kinesis
        .listStreamConsumers({ StreamARN, NextToken })
        .then(({ Consumers, NextToken: next }) => ({ items: Consumers, next })),
    ),
  );
  return (consumers ?? []).flatMap(({ ConsumerName = '', ConsumerARN = '' }) => {
    const number = ConsumerName.startsWith(`${name}-`) ? ConsumerName.slice(name.length + 1) : '';
    const address = `${module}.aws_kinesis_stream_consumer.this[${number}]`;
    return /^\d+$/.test(number) ? [{ address, importId: ConsumerARN }] : [];
  });
}

/** A stream of Amazon Kinesis, with load generators on Fargate. */
export const kinesisAws = cloudPlacement(stream);
