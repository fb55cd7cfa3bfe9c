import { z } from 'zod';
import { clusterNameSchema } from '../cluster-name.ts';
import { mishaps } from '../guarantee.ts';
import { fargateSettings, filledFargate } from './fargate-settings.ts';

/** Of the server itself. */
const serversSyncInterval = '2m';

const writtenSettings = z.strictObject({
  durability: z
    .enum(mishaps)
    .optional()
    .describe(
      'What an acknowledged message must survive: sets replicas and syncInterval where they are left out',
    ),
  replicas: z
    .union([z.literal(1), z.literal(3)])
    .optional()
    .meta({ default: 1 })
    .describe('Copies of the stream, each on a server of its own'),
  storage: z.enum(['file', 'memory']).default('file').describe('Where the servers keep the stream'),
  syncInterval: z
    .union([
      z.literal('always'),
      z.string().regex(/^[1-9]\d{0,5}(ms|s|m|h)$/, 'must be always, or a duration such as 500ms, 10s or 2m'),
    ])
    .optional()
    .meta({ default: serversSyncInterval })
    .describe(
      'How often the servers flush the stream to the disk: always, before each acknowledgement, or a duration such as 10s',
    ),
  retention: z
    .enum(['limits', 'interest', 'workqueue'])
    .default('limits')
    .describe(
      'How long the stream keeps a message: within its limits, until every consumer has acknowledged it (interest), or until one has (workqueue)',
    ),
  subjects: z
    .int()
    .min(1)
    .max(1_000)
    .default(4)
    .describe(
      'Subjects over which messages are spread, by their key or in turn; each is read by one consumer, in order; all are one stream, with one leader and one Raft group, unlike partitions',
    ),
  publishMode: z
    .enum(['asynchronous', 'synchronous'])
    .default('asynchronous')
    .describe(
      'Whether the producer goes on while acknowledgements are outstanding, or waits for each in turn',
    ),
  publishWindow: z
    .int()
    .min(1)
    .max(100_000)
    .default(4_000)
    .describe('Most messages of a producer that wait for their acknowledgement; only when asynchronous'),
  consumer: z
    .enum(['pull', 'ordered'])
    .default('pull')
    .describe(
      'How consumers read: pull, acknowledging each message, or ordered, acknowledging none and beginning anew after a gap',
    ),
  maxAckPending: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(1_000)
    .describe('Most messages of a pull consumer that wait for its acknowledgement'),
  deduplicationWindowSeconds: z
    .int()
    .min(0)
    .max(3_600)
    .default(0)
    .describe(
      'How long the stream recognises a message that was published again, in seconds; 0 publishes without message ids',
    ),
  cluster: clusterNameSchema
    .optional()
    .describe(
      'With target: existing, the name of the cluster in the file that COMPARATOR_CLUSTERS names: where it is and who one is there stand in that file alone',
    ),
  ...fargateSettings,
});
type WrittenSettings = z.infer<typeof writtenSettings>;

export const natsSettingsSchema = writtenSettings.transform((written) => ({
  ...written,
  replicas: written.replicas ?? (written.durability === 'node-loss' ? replicated : 1),
  ...syncIntervalOf(written),
  ...filledFargate(written),
}));
export type NatsSettings = z.infer<typeof natsSettingsSchema>;

const replicated = 3 as const;

/** Servers of the user's have the one that they have. */
function syncIntervalOf({ syncInterval, durability, cluster }: WrittenSettings): { syncInterval?: string } {
  if (syncInterval !== undefined) return { syncInterval };
  if (cluster !== undefined) return {};
  return { syncInterval: durability === 'power-loss' ? 'always' : serversSyncInterval };
}

/** The largest message that servers of our own take is 2 MiB, headers included. */
export const ownMostBytes = 2 * 1_048_576 - 1_024;

const stream = {
  stream: z.string().min(1),
  /** The stream's subjects are this, a dot, and a number from 0. */
  subjectPrefix: z.string().min(1),
};

const natsServersEndpointSchema = z.object({
  servers: z.array(z.string().regex(/^[^:]+:\d+$/)).min(1),
  ...stream,
});
export type NatsServersEndpoint = z.infer<typeof natsServersEndpointSchema>;

/** Servers that are tasks tell where they are in the experiment's folder of results; terraform knows how many there are. */
const natsTasksEndpointSchema = z.object({ serverTasks: z.int().min(1), ...stream });
export type NatsTasksEndpoint = z.infer<typeof natsTasksEndpointSchema>;

/** Servers of the user's are known by the name of their cluster alone: only who connects finds out where they are. */
export const natsEndpointSchema = z.union([
  natsServersEndpointSchema,
  z.object({ cluster: clusterNameSchema, ...stream }),
  natsTasksEndpointSchema,
]);
export type NatsEndpoint = z.infer<typeof natsEndpointSchema>;
