import type { z } from 'zod';
import type { Acknowledgement } from './guarantee.ts';
import type { BilledItem, BilledLoad, PriceList } from './prices.ts';

/**
 * Where infrastructure lives: on this machine; in a cluster of the user's, where only a topic or the like is ours; or in
 * an AWS account of the user's, the load generators with it.
 */
export type Target = 'local' | 'existing' | 'aws';

/** A published limit of the real product under given settings. */
export interface Ceiling {
  /** Highest total rate, for messages of the given size. */
  messagesPerSecond: number;
  /** Where the limit is published, in words. */
  source: string;
}

export interface SettingsProblem {
  /** Of the setting at fault, from the settings down. */
  path: readonly string[];
  message: string;
}

/** A load, as far as a technology's limits depend on it. */
export interface CarriedLoad {
  messageSizeBytes: number;
  /** Of the longest key; null without keys. */
  keyBytes: number | null;
  /** Share of the messages that have the most frequent key; 0 without keys. */
  hottestKeyShare: number;
  /** How many times smaller the payload can become once compressed. */
  compressionRatio: number;
  /** The highest rate that is asked for; null where it is searched for. */
  messagesPerSecond: number | null;
  /** The highest rate that is asked for, or that a search may find. */
  mostMessagesPerSecond: number;
  /** How many messages come at most, a warm-up included; of a search, of one rate that it tries. */
  mostMessages: number;
  /** How long it lasts at most, a warm-up included; of a search, its measurement. */
  seconds: number;
  producers: number;
  consumers: number;
}

/** Why a load cannot work under some settings. */
export interface LoadProblem {
  /** Of what has to change, from the experiment down: `['workload', 'messageSizeBytes']`. */
  path: readonly string[];
  message: string;
}

/** How a technology runs on a target. */
export interface TargetNote {
  emulated: boolean;
  note: string;
  /** Settings without which nothing can run there, and those that mean nothing there. */
  needs?: readonly string[];
  lacks?: readonly string[];
  /** Typical time to set it up and remove it again, in seconds; a guess for people, no limit. */
  overheadSeconds: number;
}

/** What an experiment takes of the machine that it runs on. */
export interface MachineShare {
  /** Of the disk, for each message, until the end of the experiment, all copies together. */
  diskBytesPerMessage: number;
  /** Where it deletes before that: at most these bytes, and what comes in these seconds. */
  keeps?: { bytes: number; seconds: number };
  /** Of the memory: what servers reserve, and for each message. */
  memoryBytes: number;
  memoryBytesPerMessage: number;
  /** What servers remember of each message for so long, beside the message, in bytes and seconds. */
  remembers?: { bytesPerMessage: number; seconds: number };
  /** What is refused beyond this rate is not kept. */
  mostMessagesPerSecond?: number;
  /** The part of the free disk, and of all memory, that the product lets itself use; 1 for all. */
  mostOfDisk: number;
  mostOfMemory: number;
}

/** What an hour of a product on `aws` is billed for, whatever the load, load generators apart; by prices of its own. */
export interface Rent {
  items: BilledItem[];
  prices: PriceList;
  /** How often each message goes to other zones beside being sent and received, where that is billed. */
  copiesToOtherZones?: number;
}

/** Everything the comparator knows of a technology as data; browser-safe, no I/O. */
export interface TechnologyCard<
  Settings extends z.ZodType = z.ZodType,
  Endpoint extends z.ZodType = z.ZodType,
> {
  id: string;
  label: string;
  /** One sentence for a person who has not heard of it. */
  summary: string;
  /** Targets on which it can run; where its infrastructure is emulated, results say so and decide no verdict on speed. */
  targets: { [target in Target]?: TargetNote };
  /** Strict object; every setting has a default and a description. `durability` fills in those that are left out. */
  settings: Settings;
  /** What a driver needs to connect; terraform's output `endpoint`. */
  endpoint: Endpoint;
  /** Partitions, shards or subjects over which messages are spread; null where the service chooses. */
  partitions(settings: z.infer<Settings>): number | null;
  /** Whether it promises that one producer's messages keep their order within a partition or shard. */
  keepsOrder: boolean;
  /** What its partitions share, where they are no logs of their own; a clause. */
  partitionsShare?: string;
  /** What an acknowledgement is worth. */
  acknowledgement(settings: z.infer<Settings>): Acknowledgement;
  /** Combinations of valid settings that cannot be honoured on the target. */
  settingsProblems(settings: z.infer<Settings>, target: Target): SettingsProblem[];
  /** Loads that cannot work under these settings, and what is the most that does. */
  loadProblems(settings: z.infer<Settings>, load: CarriedLoad): LoadProblem[];
  /** What works, and yet is not what it looks like; a clause each. */
  warnings(settings: z.infer<Settings>, load: CarriedLoad): string[];
  /** What to change when the load generator was the bottleneck under these settings; null where nothing helps. */
  whenLimited?(settings: z.infer<Settings>): string | null;
  /** What it takes of the machine on `local`. */
  machineShare(settings: z.infer<Settings>, load: CarriedLoad): MachineShare;
  /** List prices of what it is billed by; of what one runs by oneself, those of machines to run it on. */
  prices: PriceList;
  /** What an hour of these settings under a load is billed for; left out where only what the product uses tells. */
  bill?(settings: z.infer<Settings>, load: BilledLoad): BilledItem[];
  /** Left out where it cannot run there. */
  rent?(settings: z.infer<Settings>): Rent;
  /** Published limit under these settings, or null when none is published. */
  ceiling(
    settings: z.infer<Settings>,
    load: Pick<CarriedLoad, 'messageSizeBytes' | 'keyBytes'>,
  ): Ceiling | null;
}
