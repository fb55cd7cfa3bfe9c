import { problemsElsewhere } from '../aws-problems.ts';
import type { CarriedLoad, LoadProblem, Rent, SettingsProblem, Target } from '../card.ts';
import { storedBytesOf } from './fit.ts';
import { type BrokerType, mskPrices } from './msk-prices.ts';
import type { ServerProperties } from './server-properties.ts';
import type { KafkaSettings } from './settings.ts';

/** Settings of brokers that are Amazon MSK's. */
export const ofMsk = ['hosting', 'instanceType', 'storageGibibytes', 'kafkaVersion'] as const;

/**
 * Broker properties of ours that Amazon MSK refuses in a configuration.
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-properties.html
 */
const refusedByMsk: readonly (keyof ServerProperties)[] = [
  'background.threads',
  'fetch.max.bytes',
  'queued.max.requests',
  'replica.fetch.wait.max.ms',
];

/** What of the settings Amazon MSK cannot honour; or, on another target, needs it. */
export function mskProblems(settings: KafkaSettings, target: Target): SettingsProblem[] {
  if (target !== 'aws') return problemsElsewhere(settings, ofMsk);
  const { hosting, brokers = 0, heapMegabytes, serverProperties } = settings;
  if (hosting === undefined) {
    return [{ path: ['hosting'], message: 'must say who runs the brokers on aws: msk, for Amazon MSK' }];
  }
  const problems: SettingsProblem[] = [];
  if (brokers < 2) {
    const message = `must be 2 or 3: MSK spreads brokers over two or three zones; leave it out for 3`;
    problems.push({ path: ['brokers'], message });
  }
  if (heapMegabytes !== undefined) {
    const message = "is for brokers on this machine; MSK's have that of their instanceType: leave it out";
    problems.push({ path: ['heapMegabytes'], message });
  }
  for (const name of refusedByMsk) {
    if (serverProperties[name] === undefined) continue;
    const message = 'cannot be set on Amazon MSK; leave it out';
    problems.push({ path: ['serverProperties', name], message });
  }
  return problems;
}

/** MSK stops brokers at a full disk; they warn from this share of it on. */
const mostOfStorage = 0.85;
const gibibyte = 1_024 ** 3;

/** Loads that would fill the brokers' disks. */
export function mskLoadProblems(settings: KafkaSettings, load: CarriedLoad): LoadProblem[] {
  const { brokers = 1, storageGibibytes, partitions } = settings;
  if (storageGibibytes === undefined) return [];
  // Where few messages come at a time, batches are less full.
  const atMeanRate = { ...load, messagesPerSecond: load.mostMessages / load.seconds };
  // Fewer partitions than brokers lie on as many disks only.
  const bytes =
    (load.mostMessages * storedBytesOf(settings, atMeanRate)) /
    Math.min(brokers, partitions * settings.replicationFactor);
  const needed = Math.ceil(bytes / mostOfStorage / gibibyte);
  if (needed <= storageGibibytes) return [];
  const message = `must be at least ${needed}: so many GiB of each broker its messages may take, all copies counted, with 15% left free; or lower the rate, the size or the time`;
  return [{ path: ['settings', 'storageGibibytes'], message }];
}

/**
 * Partitions of a broker, copies counted.
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html
 */
const recommendedPartitions: Record<BrokerType, number> = {
  'kafka.t3.small': 300,
  'kafka.m5.large': 1_000,
  'kafka.m5.xlarge': 1_000,
  'kafka.m5.2xlarge': 2_000,
  'kafka.m5.4xlarge': 4_000,
  'kafka.m7g.large': 1_000,
  'kafka.m7g.xlarge': 1_000,
  'kafka.m7g.2xlarge': 2_000,
  'kafka.m7g.4xlarge': 4_000,
};

export function mskPartitionsWarning(settings: KafkaSettings): string | false {
  const { instanceType, partitions, replicationFactor, brokers = 1 } = settings;
  if (!instanceType) return false;
  const recommended = recommendedPartitions[instanceType];
  const each = Math.ceil((partitions * replicationFactor) / brokers);
  return (
    each > recommended &&
    `each broker would have ${each} partitions, copies counted, and AWS recommends at most ${recommended} on ${instanceType}: beyond that MSK may refuse to attach the secret of its users, and measures are missing; take fewer, or a larger instanceType`
  );
}

const hoursPerMonth = 730;

/** What an hour of the brokers is billed for. */
export function mskRent({ brokers = 0, instanceType, storageGibibytes = 0 }: KafkaSettings): Rent {
  const items = instanceType
    ? [
        { item: instanceType, quantity: brokers },
        { item: 'storageGibMonth', quantity: (brokers * storageGibibytes) / hoursPerMonth },
      ]
    : [];
  return { items, prices: mskPrices };
}
