import { z } from 'zod';
import { clusterNameSchema } from '../cluster-name.ts';
import { mishaps } from '../guarantee.ts';
import { type BrokerType, brokerTypes } from './msk-prices.ts';
import { type ServerProperties, serverPropertiesSchema } from './server-properties.ts';

const clients = ['kafkajs', 'platformatic', 'flat'] as const;

/** What Amazon MSK's brokers are where nothing else is asked for. */
const mskDefaults = {
  instanceType: 'kafka.m7g.large' satisfies BrokerType,
  storageGibibytes: 100,
  kafkaVersion: '3.9.x.kraft',
} as const;

const writtenSettings = z.strictObject({
  durability: z
    .enum(mishaps)
    .optional()
    .describe(
      'What an acknowledged message must survive: sets acks, brokers, replicationFactor, min.insync.replicas and log.flush.interval.messages where they are left out',
    ),
  partitions: z.int().min(1).max(1_000).default(4).describe('Partitions of the topic'),
  brokers: z
    .int()
    .min(1)
    .max(3)
    .optional()
    .meta({ default: 1 })
    .describe('Brokers of the cluster, each also a KRaft controller'),
  replicationFactor: z
    .int()
    .min(1)
    .max(3)
    .optional()
    .meta({ default: 1 })
    .describe('Copies of each partition'),
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
      'Bytes of a batch for one partition, keys and framing included, after which the producer sends without waiting for lingerMs; a larger message goes alone',
    ),
  compression: z
    .enum(['none', 'gzip', 'snappy', 'lz4', 'zstd'])
    .default('none')
    .describe('Batch compression'),
  idempotence: z
    .boolean()
    .optional()
    .meta({ default: false })
    .describe(
      "Idempotent producer; needs acks: all. By default as the client's own: true for flat with acks: all, as for Kafka's Java client, false for kafkajs and platformatic, which then send one request at a time and retry by themselves",
    ),
  producerClient: z
    .enum(clients)
    .default('kafkajs')
    .describe(
      'Client that produces: kafkajs is what most Node applications use, platformatic (@platformatic/kafka) a faster library, flat our own encoding on its connections, for finding what the product itself can do',
    ),
  consumerClient: z.enum(clients).default('kafkajs').describe('Client that consumes: as for producerClient'),
  heapMegabytes: z
    .int()
    .min(256)
    .max(16_384)
    .optional()
    .meta({ default: 512 })
    .describe('Java heap of each broker, in MiB'),
  serverProperties: serverPropertiesSchema.default({}).describe('Broker properties, from an allow-list'),
  cluster: clusterNameSchema
    .optional()
    .describe(
      'With target: existing, the name of the cluster in the file that COMPARATOR_CLUSTERS names: where it is and who one is there stand in that file alone',
    ),
  hosting: z
    .enum(['msk'])
    .optional()
    .describe('With target: aws, who runs the brokers: msk, Amazon MSK; 3 brokers and 3 replicas by default'),
  instanceType: z
    .enum(brokerTypes)
    .optional()
    .meta({ default: mskDefaults.instanceType })
    .describe("Machine of each of Amazon MSK's brokers"),
  storageGibibytes: z
    .int()
    .min(1)
    .max(16_384)
    .optional()
    .meta({ default: mskDefaults.storageGibibytes })
    .describe("Disk of each of Amazon MSK's brokers, in GiB"),
  kafkaVersion: z
    .string()
    .regex(/^\d+\.\d+\.(\d+|x)(\.kraft)?$/, 'must be a version as MSK names it, such as 3.9.x or 3.9.x.kraft')
    .optional()
    .meta({ default: mskDefaults.kafkaVersion })
    .describe('Version of Kafka, as Amazon MSK names it'),
});
type WrittenSettings = z.infer<typeof writtenSettings>;

export const kafkaSettingsSchema = writtenSettings.transform((written) => {
  const { durability, acks, producerClient, hosting } = written;
  const replicated = durability === 'node-loss' || hosting !== undefined;
  const brokers = written.brokers ?? (replicated ? mostReplicas : 1);
  const replicationFactor = written.replicationFactor ?? (replicated ? Math.min(mostReplicas, brokers) : 1);
  return {
    ...written,
    // A cluster of the user's has the brokers that it has.
    ...(written.cluster === undefined ? { brokers } : {}),
    ...(written.cluster === undefined && hosting === undefined
      ? { heapMegabytes: written.heapMegabytes ?? 512 }
      : {}),
    ...(hosting === undefined ? {} : filledMsk(written)),
    replicationFactor,
    idempotence: written.idempotence ?? (producerClient === 'flat' && acks === 'all'),
    serverProperties: {
      ...(hosting === undefined ? {} : propertiesOfMsk(replicationFactor)),
      ...neededProperties(written),
      ...written.serverProperties,
    },
  };
});
export type KafkaSettings = z.infer<typeof kafkaSettingsSchema>;

const mostReplicas = 3;

function filledMsk({ instanceType, storageGibibytes, kafkaVersion }: WrittenSettings) {
  return {
    instanceType: instanceType ?? mskDefaults.instanceType,
    storageGibibytes: storageGibibytes ?? mskDefaults.storageGibibytes,
    kafkaVersion: kafkaVersion ?? mskDefaults.kafkaVersion,
  };
}

/** MSK's own defaults depend on the cluster, and differ from Kafka's: what a guarantee hangs on is written out. */
function propertiesOfMsk(replicationFactor: number): ServerProperties {
  return {
    'min.insync.replicas': Math.max(1, replicationFactor - 1),
    'unclean.leader.election.enable': false,
  };
}

function neededProperties({ durability }: WrittenSettings): ServerProperties {
  switch (durability) {
    case 'power-loss':
      return { 'log.flush.interval.messages': 1 };
    case 'node-loss':
      return { 'min.insync.replicas': 2 };
    default:
      return {};
  }
}

const topic = z.string().min(1);

const servers = z.array(z.string().regex(/^[^:]+:\d+$/)).min(1);

/** Of Amazon MSK: which kind of credential its brokers ask for, which who connects has by itself. */
const mskEndpointSchema = z.object({ brokers: servers, topic, authentication: z.enum(['iam', 'scram']) });
export type MskEndpoint = z.infer<typeof mskEndpointSchema>;

/** A cluster of the user's is known by its name alone: only who connects finds out where it is. */
export const kafkaEndpointSchema = z.union([
  z.object({ bootstrapServers: servers, topic }),
  z.object({ cluster: clusterNameSchema, topic }),
  mskEndpointSchema,
]);
export type KafkaEndpoint = z.infer<typeof kafkaEndpointSchema>;
