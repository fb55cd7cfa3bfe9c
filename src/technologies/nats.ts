import { z } from 'zod';
import type {
  CarriedLoad,
  LoadProblem,
  MachineShare,
  SettingsProblem,
  Target,
  TechnologyCard,
} from './card.ts';
import { clusterNameSchema } from './cluster-name.ts';
import { clusterProblems } from './existing-problems.ts';
import { type Acknowledgement, contradictions, mishaps, type Weakness } from './guarantee.ts';
import { machinePrices } from './prices.ts';

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
});
type WrittenSettings = z.infer<typeof writtenSettings>;

export const natsSettingsSchema = writtenSettings.transform((written) => ({
  ...written,
  replicas: written.replicas ?? (written.durability === 'node-loss' ? replicated : 1),
  ...syncIntervalOf(written),
}));
export type NatsSettings = z.infer<typeof natsSettingsSchema>;

const replicated = 3 as const;

/** Servers of the user's have the one that they have. */
function syncIntervalOf({ syncInterval, durability, cluster }: WrittenSettings): { syncInterval?: string } {
  if (syncInterval !== undefined) return { syncInterval };
  if (cluster !== undefined) return {};
  return { syncInterval: durability === 'power-loss' ? 'always' : serversSyncInterval };
}

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

/** Servers of the user's are known by the name of their cluster alone: only who connects finds out where they are. */
const natsEndpointSchema = z.union([
  natsServersEndpointSchema,
  z.object({ cluster: clusterNameSchema, ...stream }),
]);
export type NatsEndpoint = z.infer<typeof natsEndpointSchema>;

function settingsProblems(settings: NatsSettings, target: Target): SettingsProblem[] {
  const { consumer, retention, durability, cluster, syncInterval } = settings;
  const named = clusterProblems(cluster, target);
  if (named.length > 0) return named;
  if (cluster !== undefined && syncInterval !== undefined) {
    const message = "is the servers' own, and those of an existing cluster are not ours to set: leave it out";
    return [{ path: ['syncInterval'], message }];
  }
  const unacknowledged: SettingsProblem[] =
    consumer === 'ordered' && retention !== 'limits'
      ? [
          {
            path: ['consumer'],
            message: `ordered acknowledges nothing, which retention ${retention} needs; use pull, or retention: limits`,
          },
        ]
      : [];
  return [...unacknowledged, ...contradictions(durability, acknowledgement(settings).weaknesses)];
}

/**
 * What an acknowledgement of JetStream is worth, by its documentation of replicas, storage and sync_interval: a lone server
 * writes to the operating system before it acknowledges, a cluster once a quorum has the message in its log.
 */
function acknowledgement({ replicas, storage, syncInterval }: NatsSettings): Acknowledgement {
  // Nobody knows when servers of the user's flush.
  const flushed =
    storage === 'file' && syncInterval === undefined ? null : storage === 'file' && syncInterval === 'always';
  const copies = replicas === 1 ? 1 : (replicas + 1) / 2;
  const where =
    storage === 'memory' ? 'in memory' : flushed ? 'on its disk' : "in the operating system's memory";
  const inMemory: Weakness = {
    path: ['storage'],
    value: storage,
    breaks: replicas === 1 ? ['process-crash', 'power-loss', 'node-loss'] : ['power-loss'],
    because:
      replicas === 1 ? "the only copy is in the server's memory" : "all copies are in the servers' memory",
  };
  const unflushed: Weakness =
    syncInterval === undefined
      ? {
          path: ['cluster'],
          value: 'as it is',
          breaks: ['power-loss'],
          because: 'when the servers flush is not seen, and by default they do so every 2 minutes',
        }
      : {
          path: ['syncInterval'],
          value: syncInterval,
          breaks: ['power-loss'],
          because: `the servers flush every ${syncInterval}`,
        };
  const single: Weakness = {
    path: ['replicas'],
    value: replicas,
    breaks: ['node-loss'],
    because: 'there is one copy',
  };
  return {
    when:
      replicas === 1
        ? `Acknowledged once the server has the message ${where}`
        : `Acknowledged once ${copies} of ${replicas} servers have the message ${where}`,
    copies,
    flushed,
    weaknesses: [
      ...(storage === 'memory' ? [inMemory] : flushed ? [] : [unflushed]),
      ...(replicas === 1 && storage === 'file' ? [single] : []),
    ],
  };
}

/** What a stored message takes beside itself: the store's framing and checksum, and the subject's name. */
const storedFramingBytes = 30 + 32;
/** JetStream's own bound on what it stores, where none is configured. */
const mostOfMachine = 0.75;

/** The header with a message's id, as it is stored; and the id in each server's memory, in a map and in a list. */
const deduplicationBytes = { stored: 80, remembered: 160 };

function machineShare(settings: NatsSettings, load: CarriedLoad): MachineShare {
  const { storage, retention, replicas, deduplicationWindowSeconds: seconds } = settings;
  const framing = storedFramingBytes + (seconds > 0 ? deduplicationBytes.stored : 0);
  const stored = retention === 'limits' ? replicas * (load.messageSizeBytes + framing) : 0;
  if (settings.cluster !== undefined) return nothingHere;
  return {
    diskBytesPerMessage: storage === 'file' ? stored : 0,
    memoryBytes: 0,
    memoryBytesPerMessage: storage === 'memory' ? stored : 0,
    ...(seconds > 0
      ? { remembers: { bytesPerMessage: replicas * deduplicationBytes.remembered, seconds } }
      : {}),
    mostOfDisk: mostOfMachine,
    mostOfMemory: mostOfMachine,
  };
}

/** The servers of the local root are set to take 2 MiB, headers included; how large others take them is not known. */
const localMostBytes = 2 * 1_048_576 - 1_024;

function loadProblems({ cluster }: NatsSettings, { messageSizeBytes }: CarriedLoad): LoadProblem[] {
  if (cluster !== undefined || messageSizeBytes <= localMostBytes) return [];
  const message = `must be at most ${localMostBytes.toLocaleString('en-US')}: the servers take messages of 2 MiB, headers included`;
  return [{ path: ['workload', 'messageSizeBytes'], message }];
}

/** What is measured is somewhere else. */
const nothingHere: MachineShare = {
  diskBytesPerMessage: 0,
  memoryBytes: 0,
  memoryBytesPerMessage: 0,
  mostOfDisk: 1,
  mostOfMemory: 1,
};

/** The largest message of servers whose `max_payload` nobody has set. */
const usualMostBytes = 1_048_576;

/** Headers come on top, where messages have ids. */
const idHeaderBytes = 64;

function warnings(settings: NatsSettings, { messageSizeBytes }: CarriedLoad): string[] {
  const { storage, syncInterval, cluster, deduplicationWindowSeconds } = settings;
  const bytes = messageSizeBytes + (deduplicationWindowSeconds > 0 ? idHeaderBytes : 0);
  return [
    storage === 'memory' &&
      syncInterval === 'always' &&
      'syncInterval always does nothing for a stream that is kept in memory',
    cluster !== undefined &&
      bytes > usualMostBytes &&
      `messages of ${bytes.toLocaleString('en-US')} bytes with their headers are refused where the servers' max_payload is its default, ${usualMostBytes.toLocaleString('en-US')}`,
  ].filter((warning) => warning !== false);
}

/** NATS JetStream. */
export const nats: TechnologyCard<typeof natsSettingsSchema, typeof natsEndpointSchema> = {
  id: 'nats',
  label: 'NATS JetStream',
  summary:
    'A light message server with streams that are kept and replicated, which you run yourself or rent.',
  targets: {
    local: {
      emulated: false,
      note: 'Real servers on this machine, which take messages of 2 MiB instead of 1',
      overheadSeconds: 8,
      lacks: ['cluster'],
    },
    existing: {
      emulated: false,
      note: 'Servers of yours, which COMPARATOR_CLUSTERS names: a stream of ours is made there and deleted again, nothing else touched',
      overheadSeconds: 6,
      needs: ['cluster'],
      lacks: ['syncInterval'],
    },
  },
  settings: natsSettingsSchema,
  endpoint: natsEndpointSchema,
  partitions: ({ subjects }) => subjects,
  keepsOrder: true,
  partitionsShare: 'its subjects are all one stream, with one leader and one Raft group',
  acknowledgement,
  settingsProblems,
  loadProblems,
  warnings,
  machineShare,
  prices: machinePrices,
  // NATS publishes no limit; what it can do depends on the hardware.
  ceiling: () => null,
};
