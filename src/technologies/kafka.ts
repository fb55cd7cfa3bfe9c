import { z } from 'zod';
import type { SettingsProblem, TechnologyCard } from './card.ts';

/** Broker properties a user may set: those that change performance and cannot reach outside the broker's own folder. */
const allowedServerProperties = [
  'background.threads',
  'compression.type',
  'fetch.max.bytes',
  'log.cleanup.policy',
  'log.flush.interval.messages',
  'log.flush.interval.ms',
  'log.retention.bytes',
  'log.retention.ms',
  'log.segment.bytes',
  'message.max.bytes',
  'min.insync.replicas',
  'num.io.threads',
  'num.network.threads',
  'num.replica.fetchers',
  'queued.max.requests',
  'replica.fetch.max.bytes',
  'replica.fetch.wait.max.ms',
  'replica.lag.time.max.ms',
  'socket.receive.buffer.bytes',
  'socket.request.max.bytes',
  'socket.send.buffer.bytes',
  'unclean.leader.election.enable',
] as const;

const clients = ['kafkajs', 'platformatic', 'flat'] as const;
const whichClient =
  'kafkajs is what most Node applications use, platformatic (@platformatic/kafka) a faster library, flat our own encoding on its connections, for finding what the product itself can do';

export const kafkaSettingsSchema = z.strictObject({
  partitions: z.int().min(1).max(1_000).default(4).describe('Partitions of the topic'),
  brokers: z.int().min(1).max(3).default(1).describe('Brokers of the cluster, each also a KRaft controller'),
  replicationFactor: z.int().min(1).max(3).default(1).describe('Copies of each partition'),
  acks: z
    .union([z.literal(0), z.literal(1), z.literal('all')])
    .default('all')
    .describe('Acknowledgements the producer waits for: 0, 1 (leader) or all (in-sync replicas)'),
  lingerMs: z
    .number()
    .min(0)
    .max(10_000)
    .default(5)
    .describe('Longest time in ms that the producer waits to fill a batch'),
  batchSizeBytes: z
    .int()
    .min(1)
    .max(64 * 1024 * 1024)
    .default(16_384)
    .describe(
      'Bytes of messages for one partition after which the producer sends without waiting for lingerMs',
    ),
  compression: z
    .enum(['none', 'gzip', 'snappy', 'lz4', 'zstd'])
    .default('none')
    .describe('Batch compression'),
  idempotence: z.boolean().default(false).describe('Idempotent producer; needs acks: all'),
  producerClient: z.enum(clients).default('kafkajs').describe(`Client that produces: ${whichClient}`),
  consumerClient: z.enum(clients).default('kafkajs').describe(`Client that consumes: ${whichClient}`),
  heapMegabytes: z.int().min(256).max(16_384).default(512).describe('Java heap of each broker, in MiB'),
  serverProperties: z
    .partialRecord(
      z.enum(allowedServerProperties),
      z.union([
        // Nothing that could end the line in the broker's properties file.
        z.string().regex(/^[A-Za-z0-9_.,:;+-]*$/, 'may hold letters, digits and _ . , : ; + - only'),
        z.number(),
        z.boolean(),
      ]),
    )
    .default({})
    .describe('Broker properties, from an allow-list'),
});
export type KafkaSettings = z.infer<typeof kafkaSettingsSchema>;

export const kafkaEndpointSchema = z.object({
  bootstrapServers: z.array(z.string().regex(/^[^:]+:\d+$/)).min(1),
  topic: z.string().min(1),
});
export type KafkaEndpoint = z.infer<typeof kafkaEndpointSchema>;

function settingsProblems(settings: KafkaSettings): SettingsProblem[] {
  const problems: SettingsProblem[] = [];
  if (settings.replicationFactor > settings.brokers) {
    problems.push({
      setting: 'replicationFactor',
      message: `cannot exceed brokers (${settings.brokers}); raise brokers or lower replicationFactor`,
    });
  }
  if (settings.idempotence && settings.acks !== 'all') {
    problems.push({ setting: 'idempotence', message: 'needs acks: all' });
  }
  const minInsync = Number(settings.serverProperties['min.insync.replicas'] ?? 1);
  if (settings.acks === 'all' && minInsync > settings.replicationFactor) {
    problems.push({
      setting: 'serverProperties',
      message: `min.insync.replicas ${minInsync} exceeds replicationFactor ${settings.replicationFactor}: no message could be acknowledged`,
    });
  }
  return problems;
}

/** Apache Kafka. */
export const kafka: TechnologyCard<typeof kafkaSettingsSchema, typeof kafkaEndpointSchema> = {
  id: 'kafka',
  label: 'Apache Kafka',
  summary: 'A distributed, partitioned, replicated log that you run yourself or rent.',
  targets: {
    local: { emulated: false, note: 'A real broker in KRaft mode on this machine', overheadSeconds: 15 },
  },
  settings: kafkaSettingsSchema,
  endpoint: kafkaEndpointSchema,
  settingsProblems,
  whenLimited: ({ producerClient, consumerClient }) =>
    producerClient === 'flat' && consumerClient === 'flat'
      ? null
      : 'producerClient: flat and consumerClient: flat take the least of the processor',
  // Without a bound of the user's own, everything is kept for a week.
  copiesOnDisk: ({ replicationFactor, serverProperties }) =>
    Object.keys(serverProperties).some((name) => name.startsWith('log.retention.')) ? 0 : replicationFactor,
  // Kafka publishes no limit; what it can do depends on the hardware.
  ceiling: () => null,
};
