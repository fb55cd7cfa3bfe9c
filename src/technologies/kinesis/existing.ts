import type { SettingsProblem, Target } from '../card.ts';
import { clusterProblems } from '../existing-problems.ts';

/** What a stream takes of a record, data and partition key, unless it is told to take more. */
export const defaultRecordKibibytes = 1_024;

interface ExistingSettings {
  mode: 'provisioned' | 'on-demand';
  maxRecordKibibytes?: number | undefined;
  warmThroughputMebibytesPerSecond?: number | undefined;
  cluster?: string | undefined;
}

/** What of the settings needs an account of the user's, where a program of ours makes the stream: the roots' provider knows no such limits. */
export function existingProblems(settings: ExistingSettings, target: Target): SettingsProblem[] {
  const { maxRecordKibibytes = defaultRecordKibibytes, warmThroughputMebibytesPerSecond: warm } = settings;
  const problems: (SettingsProblem | false)[] = [
    target !== 'existing' &&
      maxRecordKibibytes > defaultRecordKibibytes && {
        path: ['maxRecordKibibytes'],
        message: `only target: existing has records of more than ${defaultRecordKibibytes.toLocaleString('en-US')} KiB; leave it out`,
      },
    warm !== undefined &&
      (target !== 'existing' || settings.mode !== 'on-demand') && {
        path: ['warmThroughputMebibytesPerSecond'],
        message: 'is only for mode: on-demand with target: existing; leave it out',
      },
  ];
  return [...clusterProblems(settings.cluster, target), ...problems.filter((problem) => problem !== false)];
}
