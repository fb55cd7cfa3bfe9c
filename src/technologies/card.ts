import type { z } from 'zod';

/** Where infrastructure lives. */
export type Target = 'local';

/** A published limit of the real product under given settings. */
export interface Ceiling {
  /** Highest total rate, for messages of the given size. */
  messagesPerSecond: number;
  /** Where the limit is published, in words. */
  source: string;
}

export interface SettingsProblem {
  /** Key of the setting at fault. */
  setting: string;
  message: string;
}

/** How a technology runs on a target. */
export interface TargetNote {
  emulated: boolean;
  note: string;
  /** Typical time to set it up and remove it again, in seconds; a guess for people, no limit. */
  overheadSeconds: number;
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
  /** Strict object; every setting has a default and a description. */
  settings: Settings;
  /** What a driver needs to connect; terraform's output `endpoint`. */
  endpoint: Endpoint;
  /** Combinations of valid settings that cannot be honoured on the target. */
  settingsProblems(settings: z.infer<Settings>, target: Target): SettingsProblem[];
  /** What to change when the load generator was the bottleneck under these settings; null where nothing helps. */
  whenLimited?(settings: z.infer<Settings>): string | null;
  /** How many copies of every message stay on the disk to the end of an experiment on `local`; none where it is not said. */
  copiesOnDisk?(settings: z.infer<Settings>): number;
  /** Published limit under these settings, or null when none is published. */
  ceiling(settings: z.infer<Settings>, messageSizeBytes: number): Ceiling | null;
}
