import { problemsElsewhere } from '../aws-problems.ts';
import type { CarriedLoad, LoadProblem, Rent, SettingsProblem, Target } from '../card.ts';
import { fargatePrices } from '../prices.ts';
import type { NatsSettings } from './settings.ts';
import { deduplicationBytes, mostOfMachine, storedBytesOf } from './stored.ts';

/** Settings of servers that are tasks on AWS Fargate. */
export const ofFargate = ['hosting', 'serverVcpus', 'serverMemoryGibibytes', 'storageGibibytes'] as const;

/** By processor, in GiB; the largest ones differ a little. */
const memoryPerVcpu = { least: 2, most: 8 };
const stepsOfLarge: Record<number, number> = { 8: 4, 16: 8 };
const mostOfLarge: Record<number, number> = { 4: 30, 8: 60, 16: 120 };

/** What of the settings Fargate cannot honour; or, on another target, needs it. */
export function fargateProblems(settings: NatsSettings, target: Target): SettingsProblem[] {
  if (target !== 'aws') return problemsElsewhere(settings, ofFargate);
  const { hosting, serverVcpus = 0, serverMemoryGibibytes = 0 } = settings;
  if (hosting === undefined) {
    return [{ path: ['hosting'], message: 'must say where the servers run on aws: fargate' }];
  }
  const least = memoryPerVcpu.least * serverVcpus;
  const most = mostOfLarge[serverVcpus] ?? memoryPerVcpu.most * serverVcpus;
  const step = stepsOfLarge[serverVcpus] ?? 1;
  const fits =
    serverMemoryGibibytes >= least && serverMemoryGibibytes <= most && serverMemoryGibibytes % step === 0;
  if (fits) return [];
  const message = `must be ${least} to ${most}${step === 1 ? '' : `, by ${step},`} with ${serverVcpus} processors: Fargate has no other tasks`;
  return [{ path: ['serverMemoryGibibytes'], message }];
}

const gibibyte = 1_024 ** 3;

/** Loads that would fill the servers' disks, or their memory, in which each remembers the ids of messages too. */
export function fargateLoadProblems(settings: NatsSettings, load: CarriedLoad): LoadProblem[] {
  const { hosting, storage, serverMemoryGibibytes = 0, storageGibibytes = 0 } = settings;
  if (hosting === undefined) return [];
  const stored = (load.mostMessages * storedBytesOf(settings, load)) / mostOfMachine;
  const inMemory = rememberedBytes(settings, load) + (storage === 'memory' ? stored : 0);
  const onDisk = storage === 'file' ? stored : 0;
  return [
    ...tooSmall(
      'storageGibibytes',
      { bytes: onDisk, gibibytes: storageGibibytes },
      'JetStream uses three quarters of it, and each server keeps every message; or lower the rate, the size or the time',
    ),
    ...tooSmall(
      'serverMemoryGibibytes',
      { bytes: inMemory, gibibytes: serverMemoryGibibytes },
      storage === 'memory'
        ? 'JetStream uses three quarters of it, and each server keeps every message; or lower the rate, the size or the time'
        : 'each server remembers the ids of the messages in deduplicationWindowSeconds; or lower that, or the rate',
    ),
  ];
}

function tooSmall(
  name: 'storageGibibytes' | 'serverMemoryGibibytes',
  { bytes, gibibytes }: { bytes: number; gibibytes: number },
  why: string,
): LoadProblem[] {
  const needed = Math.ceil(bytes / gibibyte);
  if (needed <= gibibytes) return [];
  return [{ path: ['settings', name], message: `must be at least ${needed}: ${why}` }];
}

function rememberedBytes({ deduplicationWindowSeconds }: NatsSettings, load: CarriedLoad): number {
  const inWindow = (load.messagesPerSecond ?? load.mostMessagesPerSecond) * deduplicationWindowSeconds;
  return Math.min(load.mostMessages, inWindow) * deduplicationBytes.remembered;
}

/** Part of a task's disk that its price includes, in GiB. */
const includedGibibytes = 20;

/** What an hour of the servers is billed for. */
export function fargateRent(settings: NatsSettings): Rent {
  const { replicas, serverVcpus, serverMemoryGibibytes = 0, storageGibibytes = 0 } = settings;
  const items = serverVcpus
    ? [
        { item: 'vcpuHour', quantity: replicas * serverVcpus },
        { item: 'memoryGibHour', quantity: replicas * serverMemoryGibibytes },
        { item: 'storageGibHour', quantity: replicas * (storageGibibytes - includedGibibytes) },
        { item: 'addressHour', quantity: replicas },
      ]
    : [];
  // Each in a zone of its own.
  return { items, prices: fargatePrices, copiesToOtherZones: replicas - 1 };
}
