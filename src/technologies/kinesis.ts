import { z } from 'zod';
import type { CarriedLoad, Ceiling, LoadProblem, SettingsProblem, Target, TechnologyCard } from './card.ts';
import { clusterNameSchema } from './cluster-name.ts';
import { type Acknowledgement, mishaps } from './guarantee.ts';
import { defaultRecordKibibytes, existingProblems } from './kinesis/existing.ts';
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
  maxRecordKibibytes: z
    .int()
    .min(1_024)
    .max(10_240)
    .optional()
    .meta({ default: 1_024 })
    .describe(
      'Largest record that the stream takes, data and partition key, in KiB; more than 1,024 only with target: existing',
    ),
  warmThroughputMebibytesPerSecond: z
    .int()
    .min(1)
    .max(10_240)
    .optional()
    .describe(
      'What an on-demand stream takes from its beginning, in MiB/s, in place of the 4 that a new one does; only with target: existing',
    ),
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
  cluster: clusterNameSchema
    .optional()
    .describe(
      'With target: existing, the name of the account and region in the file that COMPARATOR_CLUSTERS names: where it is and who one is there stand in that file alone',
    ),
});

/** In on-demand mode the service chooses the shards, so `shards` has no default there. */
export const kinesisSettingsSchema = writtenSettings.transform((settings) =>
  settings.mode === 'provisioned' ? { ...settings, shards: settings.shards ?? defaultShards } : settings,
);
export type KinesisSettings = z.infer<typeof kinesisSettingsSchema>;

/** Where terraform knows all of it. */
export const kinesisStreamEndpointSchema = z.object({
  region: z.string().min(1),
  /** null for the region's own endpoint. */
  endpointUrl: z.url().nullable(),
  streamName: z.string().min(1),
  streamArn: z.string().min(1),
  /** Registered consumers with enhanced fan-out; the driver reads through the first. */
  consumerArns: z.array(z.string()).optional(),
});

/** An account of the user's is known by its name alone: only who connects finds out where it is. */
const kinesisEndpointSchema = z.union([
  kinesisStreamEndpointSchema,
  z.object({ cluster: clusterNameSchema, streamName: z.string().min(1) }),
]);
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
  const problems: SettingsProblem[] = existingProblems(settings, target);
  if (settings.consumer === 'enhanced-fan-out' && target === 'local') {
    problems.push({
      path: ['consumer'],
      message:
        'enhanced-fan-out cannot be emulated on the local target: the emulator looks for new records every 200 ms itself, which is polling; use polling, or another target',
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

function loadProblems(
  { maxRecordKibibytes = defaultRecordKibibytes }: KinesisSettings,
  load: CarriedLoad,
): LoadProblem[] {
  const maxRecordBytes = maxRecordKibibytes * 1_024;
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
  { mode, shards, warmThroughputMebibytesPerSecond: warm }: KinesisSettings,
  load: Pick<CarriedLoad, 'messageSizeBytes' | 'keyBytes'>,
): Ceiling {
  const perShard = perShardPerSecond(load);
  if (mode === 'on-demand' && warm !== undefined) {
    const shards = Math.max(kinesisQuotas.onDemandShards, warm);
    return {
      messagesPerSecond: shards * perShard,
      source: `Kinesis Data Streams quotas: an on-demand stream that was warmed up takes ${warm} MiB/s or ${(1_000 * shards).toLocaleString('en-US')} records/s`,
    };
  }
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
      lacks: ['cluster', 'maxRecordKibibytes', 'warmThroughputMebibytesPerSecond'],
    },
    existing: {
      emulated: false,
      note: 'An account and region of yours, which COMPARATOR_CLUSTERS names: a stream of ours is made there and deleted again, nothing else touched; AWS bills it. Where an endpoint is named, what listens there is no service of AWS, and results say emulated',
      overheadSeconds: 90,
      needs: ['cluster'],
      lacks: ['enforceQuotas'],
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
    memoryBytesPerMessage: settings.cluster === undefined ? recordBytes(load) : 0,
    ...(settings.cluster === undefined && settings.enforceQuotas
      ? { mostMessagesPerSecond: ceiling(settings, load).messagesPerSecond }
      : {}),
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
