import { problemsElsewhere } from '../aws-problems.ts';
import type { CarriedLoad, LoadProblem, Rent, SettingsProblem, Target } from '../card.ts';
import { fargatePrices } from '../prices.ts';
import type { NatsSettings } from './settings.ts';
import { mostOfMachine, storedBytesOf } from './stored.ts';

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

/** Loads that would fill the servers' disks, or their memory. */
export function fargateLoadProblems(settings: NatsSettings, load: CarriedLoad): LoadProblem[] {
  const { hosting, storage } = settings;
  if (hosting === undefined) return [];
  const messages = (load.messagesPerSecond ?? load.mostMessagesPerSecond) * load.seconds;
  const needed = Math.ceil((messages * storedBytesOf(settings, load)) / mostOfMachine / gibibyte);
  const name = storage === 'file' ? 'storageGibibytes' : 'serverMemoryGibibytes';
  if (needed <= (settings[name] ?? 0)) return [];
  const message = `must be at least ${needed}: JetStream uses three quarters of it, and each server keeps every message; or lower the rate, the size or the time`;
  return [{ path: ['settings', name], message }];
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
