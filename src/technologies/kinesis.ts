import { z } from 'zod';
import type { CarriedLoad, Ceiling, LoadProblem, SettingsProblem, Target, TechnologyCard } from './card.ts';
import { type Acknowledgement, mishaps } from './guarantee.ts';
import { kinesisBill, kinesisPrices } from './kinesis/prices.ts';

const defaultShards = 4;

const writtenSettings = z.strictObject({
  durability: z
    .enum(mishaps)
    .optional()
    .describe('What an acknowledged message must survive: Kinesis keeps all of it by nature'),
  mode: z.enum(['provisioned', 'on-demand']).default('provisioned').describe('Capacity mode of the stream'),
  shards: z
    .int()
    .min(1)
    .max(500)
    .optional()
    .meta({ default: defaultShards })
    .describe('Shards of the stream; only in provisioned mode'),
  retentionHours: z
    .int()
    .min(24)
    .max(8_760)
    .default(24)
    .describe('How long the stream keeps records, in hours'),
  consumer: z
    .enum(['polling', 'enhanced-fan-out'])
    .default('polling')
    .describe('How consumers read: GetRecords polling, or SubscribeToShard'),
  lingerMs: z
    .number()
    .min(0)
    .max(10_000)
    .default(50)
    .describe(
      "Longest time in ms that the producer waits to fill a request; half of what Amazon's own producer library waits",
    ),
  maxInFlightRequests: z
    .int()
    .min(1)
    .max(256)
    .default(32)
    .describe('Most PutRecords requests of a producer that are under way at once'),
  enforceQuotas: z
    .boolean()
    .default(true)
    .describe(
      "On the emulator only: refuse what is beyond the real service's quotas, per shard and second, as it would",
    ),
});

/** In on-demand mode the service chooses the shards, so `shards` has no default there. */
export const kinesisSettingsSchema = writtenSettings.transform((settings) =>
  settings.mode === 'provisioned' ? { ...settings, shards: settings.shards ?? defaultShards } : settings,
);
export type KinesisSettings = z.infer<typeof kinesisSettingsSchema>;

export const kinesisEndpointSchema = z.object({
  region: z.string().min(1),
  /** null for the region's own endpoint. */
  endpointUrl: z.url().nullable(),
  streamName: z.string().min(1),
  streamArn: z.string().min(1),
});
export type KinesisEndpoint = z.infer<typeof kinesisEndpointSchema>;

const mebibyte = 1024 * 1024;

/**
 * What the service publishes of its limits ("Quotas and limits" and the API reference, as of 2026). The ceiling, the
 * driver's pace and the proxy in front of the emulator all go by these.
 */
export const kinesisQuotas = {
  /** Of each shard; reads are shared by all readers that poll. */
  shard: {
    /** Data and partition keys. */
    writeBytesPerSecond: mebibyte,
    writeRecordsPerSecond: 1_000,
    /** A call that returns more is followed by a pause that makes up for it: 5 s after 10 MiB. */
    readBytesPerSecond: 2 * mebibyte,
    readCallsPerSecond: 5,
  },
  /** Of each request. */
  putRecords: { maxRecords: 500, maxBytes: 10 * mebibyte },
  /** Data and partition key, unless the stream is told to take larger ones. */
  maxRecordBytes: mebibyte,
  getRecords: { maxRecords: 10_000, maxBytes: 10 * mebibyte },
  /** A new on-demand stream takes what this many shards take, until the service has seen more load. */
  onDemandShards: 4,
} as const;

function settingsProblems(settings: KinesisSettings, target: Target): SettingsProblem[] {
  const problems: SettingsProblem[] = [];
  if (settings.consumer === 'enhanced-fan-out' && target === 'local') {
    problems.push({
      path: ['consumer'],
      message: 'enhanced-fan-out cannot be emulated on the local target; use polling',
    });
  }
  if (settings.mode === 'on-demand' && settings.shards !== undefined) {
    problems.push({
      path: ['shards'],
      message: 'is only for the provisioned mode; on demand, the service chooses the shards: leave it out',
    });
  }
  return problems;
}

/** Bytes of the random partition key that the driver gives a message without one. */
export const randomKeyBytes = 13;

/** What quotas count of a message. */
function recordBytes({ messageSizeBytes, keyBytes }: Pick<CarriedLoad, 'messageSizeBytes' | 'keyBytes'>) {
  return messageSizeBytes + (keyBytes ?? randomKeyBytes);
}

function perShardPerSecond(load: Pick<CarriedLoad, 'messageSizeBytes' | 'keyBytes'>): number {
  const { writeRecordsPerSecond, writeBytesPerSecond } = kinesisQuotas.shard;
  return Math.min(writeRecordsPerSecond, writeBytesPerSecond / recordBytes(load));
}

/** By AWS's documentation: every record is replicated over three availability zones before it is acknowledged. */
function acknowledgement(): Acknowledgement {
  return {
    when: 'Acknowledged once three availability zones have the record, as AWS documents; whether it is on their disks is not published',
    copies: 3,
    flushed: null,
    weaknesses: [],
  };
}

function loadProblems(_: KinesisSettings, load: CarriedLoad): LoadProblem[] {
  const { maxRecordBytes } = kinesisQuotas;
  const most = maxRecordBytes - (load.keyBytes ?? randomKeyBytes);
  if (load.messageSizeBytes <= most) return [];
  return [
    {
      path: ['workload', 'messageSizeBytes'],
      message: `must be at most ${most.toLocaleString('en-US')}: a record takes ${maxRecordBytes.toLocaleString('en-US')} bytes, its partition key included`,
    },
  ];
}

function warnings({ shards }: KinesisSettings, load: CarriedLoad): string[] {
  const { messagesPerSecond, hottestKeyShare } = load;
  const most = perShardPerSecond(load);
  const rate = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 1 });
  if (shards === 1 || hottestKeyShare === 0) return [];
  const noHelp = `one shard takes ${rate(most)}: more shards do not help, other keys do`;
  if (messagesPerSecond === null) {
    const full = most / hottestKeyShare;
    const searched = load.mostMessagesPerSecond;
    // What the shards take together is reached first where the key has no more than its share of them.
    if (full >= searched || (shards !== undefined && hottestKeyShare <= 1 / shards)) return [];
    return [`the most frequent key alone fills a shard from ${rate(full)} messages/s on, for ${noHelp}`];
  }
  const hottest = messagesPerSecond * hottestKeyShare;
  if (hottest <= most) return [];
  return [`the most frequent key alone comes ${rate(hottest)} times a second, and ${noHelp}`];
}

function ceiling(
  { mode, shards }: KinesisSettings,
  load: Pick<CarriedLoad, 'messageSizeBytes' | 'keyBytes'>,
): Ceiling {
  const perShard = perShardPerSecond(load);
  return mode === 'on-demand'
    ? {
        messagesPerSecond: kinesisQuotas.onDemandShards * perShard,
        source:
          'Kinesis Data Streams quotas: a new on-demand stream takes 4 MB/s or 4,000 records/s; it grows with its load',
      }
    : {
        messagesPerSecond: (shards ?? defaultShards) * perShard,
        source: `Kinesis Data Streams quotas: ${quotaOf(shards ?? defaultShards)} takes 1 MB/s or 1,000 records/s`,
      };
}

function quotaOf(shards: number): string {
  return shards === 1 ? 'a shard' : `each of ${shards} shards`;
}

/** Amazon Kinesis Data Streams. */
export const kinesis: TechnologyCard<typeof kinesisSettingsSchema, typeof kinesisEndpointSchema> = {
  id: 'kinesis',
  label: 'Amazon Kinesis',
  summary: 'A sharded stream that AWS runs, with quotas per shard.',
  targets: {
    local: {
      emulated: true,
      note: 'An emulator on this machine, held to the published quotas of each shard, or of a new on-demand stream, unless enforceQuotas is false; its speed says nothing about Amazon Kinesis',
      // The AWS provider waits for the stream, when creating as when deleting it.
      overheadSeconds: 60,
    },
    aws: {
      emulated: false,
      note: 'Amazon Kinesis itself, and load generators on Fargate, in an AWS account of yours, which pays for them: terraform/AWS.md says what it takes',
      // A network, a stream and tasks to make; services and the network to remove.
      overheadSeconds: 420,
      lacks: ['enforceQuotas'],
    },
  },
  settings: kinesisSettingsSchema,
  endpoint: kinesisEndpointSchema,
  partitions: ({ mode, shards }) => (mode === 'provisioned' ? (shards ?? defaultShards) : null),
  // PutRecords promises no order, not even within a shard.
  keepsOrder: false,
  acknowledgement,
  settingsProblems,
  loadProblems,
  warnings,
  // The emulator keeps every record in its memory, and its servers reserve nothing that could be told.
  machineShare: (settings, load) => ({
    diskBytesPerMessage: 0,
    memoryBytes: 0,
    memoryBytesPerMessage: recordBytes(load),
    ...(settings.enforceQuotas ? { mostMessagesPerSecond: ceiling(settings, load).messagesPerSecond } : {}),
    mostOfDisk: 1,
    mostOfMemory: 1,
  }),
  prices: kinesisPrices,
  bill: (settings, load) =>
    kinesisBill(
      { ...settings, shards: settings.shards ?? defaultShards },
      { recordBytes: recordBytes(load), messagesPerSecond: load.messagesPerSecond },
    ),
  rent: (settings) => ({
    items: kinesisBill(
      { ...settings, shards: settings.shards ?? defaultShards },
      { recordBytes: 0, messagesPerSecond: 0 },
    ),
    prices: kinesisPrices,
  }),
  ceiling,
};
