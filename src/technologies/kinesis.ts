import { z } from 'zod';
import type { Ceiling, SettingsProblem, Target, TechnologyCard } from './card.ts';

const defaultShards = 4;

const writtenSettings = z.strictObject({
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
  getRecords: { maxRecords: 10_000, maxBytes: 10 * mebibyte },
  /** A new on-demand stream takes what this many shards take, until the service has seen more load. */
  onDemandShards: 4,
} as const;

function settingsProblems(settings: KinesisSettings, target: Target): SettingsProblem[] {
  const problems: SettingsProblem[] = [];
  if (settings.consumer === 'enhanced-fan-out' && target === 'local') {
    problems.push({
      setting: 'consumer',
      message: 'enhanced-fan-out cannot be emulated on the local target; use polling',
    });
  }
  if (settings.mode === 'on-demand' && settings.shards !== undefined) {
    problems.push({
      setting: 'shards',
      message: 'is only for the provisioned mode; on demand, the service chooses the shards: leave it out',
    });
  }
  return problems;
}

function ceiling({ mode, shards }: KinesisSettings, messageSizeBytes: number): Ceiling {
  const { writeRecordsPerSecond, writeBytesPerSecond } = kinesisQuotas.shard;
  const perShard = Math.min(writeRecordsPerSecond, Math.floor(writeBytesPerSecond / messageSizeBytes));
  return mode === 'on-demand'
    ? {
        messagesPerSecond: kinesisQuotas.onDemandShards * perShard,
        source:
          'Kinesis Data Streams quotas: a new on-demand stream takes 4 MB/s or 4,000 records/s; it grows with its load',
      }
    : {
        messagesPerSecond: (shards ?? defaultShards) * perShard,
        source: `Kinesis Data Streams quotas: each of ${shards} shards takes 1 MB/s or 1,000 records/s`,
      };
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
  },
  settings: kinesisSettingsSchema,
  endpoint: kinesisEndpointSchema,
  settingsProblems,
  ceiling,
};
