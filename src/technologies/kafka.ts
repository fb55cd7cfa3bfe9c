import type { SettingsProblem, Target, TechnologyCard } from './card.ts';
import { contradictions } from './guarantee.ts';
import { existingProblems, existingWarnings } from './kafka/existing.ts';
import { loadProblems, machineShare } from './kafka/fit.ts';
import { acknowledgement } from './kafka/guarantee.ts';
import { mskLoadProblems, mskProblems, mskRent, ofMsk } from './kafka/msk.ts';
import { numberOf, type ServerProperties } from './kafka/server-properties.ts';
import { type KafkaSettings, kafkaEndpointSchema, kafkaSettingsSchema } from './kafka/settings.ts';
import { warnings } from './kafka/warnings.ts';
import { machinePrices } from './prices.ts';

function settingsProblems(settings: KafkaSettings, target: Target): SettingsProblem[] {
  const { acks, idempotence, durability } = settings;
  const own = existingProblems(settings, target);
  const hosted = mskProblems(settings, target);
  return [
    ...hosted,
    ...(own ?? (hosted.length > 0 ? [] : localProblems(settings))),
    ...(idempotence && acks !== 'all' ? [{ path: ['idempotence'], message: 'needs acks: all' }] : []),
    ...(own?.length || hosted.length > 0
      ? []
      : contradictions(durability, acknowledgement(settings).weaknesses)),
  ];
}

function localProblems(settings: KafkaSettings): SettingsProblem[] {
  const { brokers = 1, replicationFactor, acks, serverProperties } = settings;
  const minInsync = numberOf(serverProperties, 'min.insync.replicas');
  const property = ['serverProperties', 'min.insync.replicas'];
  const problems: (SettingsProblem | false)[] = [
    replicationFactor > brokers && {
      path: ['replicationFactor'],
      message: `cannot exceed brokers (${brokers}); raise brokers or lower replicationFactor`,
    },
    // The broker's own topics have a replica on each broker, and are written with acks all.
    minInsync > brokers
      ? {
          path: property,
          message: `${minInsync} exceeds brokers (${brokers}): no consumer could join its group`,
        }
      : acks === 'all' &&
        minInsync > replicationFactor && {
          path: property,
          message: `${minInsync} exceeds replicationFactor (${replicationFactor}): no message could be acknowledged`,
        },
    waits(serverProperties),
  ];
  return problems.filter((problem) => problem !== false);
}

/** The broker itself refuses to start with these. */
function waits(properties: ServerProperties): SettingsProblem | false {
  const lagMs = numberOf(properties, 'replica.lag.time.max.ms');
  return (
    numberOf(properties, 'replica.fetch.wait.max.ms') > lagMs && {
      path: ['serverProperties', 'replica.fetch.wait.max.ms'],
      message: `must be at most replica.lag.time.max.ms (${lagMs})`,
    }
  );
}

/** Apache Kafka. */
export const kafka: TechnologyCard<typeof kafkaSettingsSchema, typeof kafkaEndpointSchema> = {
  id: 'kafka',
  label: 'Apache Kafka',
  summary: 'A distributed, partitioned, replicated log that you run yourself or rent.',
  targets: {
    local: {
      emulated: false,
      note: 'A real broker in KRaft mode on this machine',
      overheadSeconds: 15,
      lacks: ['cluster', ...ofMsk],
    },
    existing: {
      emulated: false,
      note: 'A cluster of yours, which COMPARATOR_CLUSTERS names: a topic of ours is made in it and deleted again, nothing else touched',
      overheadSeconds: 10,
      needs: ['cluster'],
      lacks: ['brokers', 'heapMegabytes', 'serverProperties', ...ofMsk],
    },
    aws: {
      emulated: false,
      note: 'Amazon MSK, and load generators beside it on Fargate, in an AWS account of yours, which pays for them: terraform/AWS.md says what it takes',
      // MSK takes half an hour to make a cluster, and ten minutes to remove it.
      overheadSeconds: 2_700,
      needs: ['hosting'],
      lacks: ['cluster', 'heapMegabytes'],
    },
  },
  settings: kafkaSettingsSchema,
  endpoint: kafkaEndpointSchema,
  partitions: ({ partitions }) => partitions,
  keepsOrder: true,
  acknowledgement,
  settingsProblems,
  loadProblems: (settings, load) =>
    settings.cluster === undefined
      ? [...loadProblems(settings, load), ...mskLoadProblems(settings, load)]
      : [],
  warnings: (settings, load) => [
    ...warnings(settings, load),
    ...(settings.cluster === undefined ? [] : existingWarnings(settings, load)),
  ],
  whenLimited: ({ producerClient, consumerClient }) =>
    producerClient === 'flat' && consumerClient === 'flat'
      ? null
      : 'producerClient: flat and consumerClient: flat take the least of the processor',
  machineShare,
  prices: machinePrices,
  rent: mskRent,
  // Kafka publishes no limit; what it can do depends on the hardware.
  ceiling: () => null,
};
