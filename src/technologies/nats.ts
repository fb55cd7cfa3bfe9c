import type {
  CarriedLoad,
  LoadProblem,
  MachineShare,
  SettingsProblem,
  Target,
  TechnologyCard,
} from './card.ts';
import { clusterProblems } from './existing-problems.ts';
import { contradictions } from './guarantee.ts';
import { fargateLoadProblems, fargateProblems, fargateRent, ofFargate } from './nats/fargate.ts';
import { acknowledgement } from './nats/guarantee.ts';
import { type NatsSettings, natsEndpointSchema, natsSettingsSchema, ownMostBytes } from './nats/settings.ts';
import { deduplicationBytes, mostOfMachine, storedBytesOf } from './nats/stored.ts';
import { machinePrices } from './prices.ts';

function settingsProblems(settings: NatsSettings, target: Target): SettingsProblem[] {
  const { consumer, retention, durability, cluster, syncInterval } = settings;
  const named = [...clusterProblems(cluster, target), ...fargateProblems(settings, target)];
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

function machineShare(settings: NatsSettings, load: CarriedLoad): MachineShare {
  const { storage, replicas, deduplicationWindowSeconds: seconds } = settings;
  const stored = replicas * storedBytesOf(settings, load);
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

/** How large messages others' servers take is not known. */
function loadProblems(settings: NatsSettings, load: CarriedLoad): LoadProblem[] {
  if (settings.cluster !== undefined) return [];
  const message = `must be at most ${ownMostBytes.toLocaleString('en-US')}: the servers take messages of 2 MiB, headers included`;
  return [
    ...(load.messageSizeBytes <= ownMostBytes ? [] : [{ path: ['workload', 'messageSizeBytes'], message }]),
    ...fargateLoadProblems(settings, load),
  ];
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
      lacks: ['cluster', ...ofFargate],
    },
    existing: {
      emulated: false,
      note: 'Servers of yours, which COMPARATOR_CLUSTERS names: a stream of ours is made there and deleted again, nothing else touched',
      overheadSeconds: 6,
      needs: ['cluster'],
      lacks: ['syncInterval', ...ofFargate],
    },
    aws: {
      emulated: false,
      note: 'Servers on AWS Fargate, each with a disk that goes with it and of which no speed is published, and load generators beside them, in an AWS account of yours, which pays for them: terraform/AWS.md says what it takes',
      // A network and tasks to make; services and the network to remove.
      overheadSeconds: 420,
      needs: ['hosting'],
      lacks: ['cluster'],
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
  rent: fargateRent,
  // NATS publishes no limit; what it can do depends on the hardware.
  ceiling: () => null,
};
