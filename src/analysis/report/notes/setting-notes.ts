import type { ReportColumn } from '../../../contracts/documents/api.ts';
import type { Result } from '../../../contracts/documents/result.ts';
import { carriedLoad } from '../../../contracts/input/carried-load.ts';
import { findTechnology } from '../../../technologies/registry.ts';
import { sum } from '../../sum.ts';
import { formatNumber } from '../format.ts';

/** What a variant's settings are not, though they look like it. */
export function settingNotes({ label }: ReportColumn, result: Result | null): string[] {
  if (!result) return [];
  const { technology, settings, workload } = result.spec;
  const card = findTechnology(technology);
  const filled = card?.settings.safeParse(settings);
  if (!card || !filled?.success) return [];
  return card.warnings(filled.data, carriedLoad(workload)).map((warning) => `${label}: ${warning}.`);
}

/** A partition that has this many times its even share decides what the others could not. */
const skewed = 1.5;
/** Fewer messages are uneven by chance. */
const leastMessages = 1_000;

/** Keys may put more on one partition than on others, and each technology puts them elsewhere. */
export function skewNotes({ label, measurement }: ReportColumn, result: Result | null): string[] {
  const counts = measurement?.perPartition ?? [];
  const total = sum(counts);
  const hottest = Math.max(0, ...counts);
  const keyed = result?.spec.workload.keys && result.spec.workload.keys.distribution !== 'none';
  if (!keyed || total < leastMessages || hottest < (skewed * total) / counts.length) return [];
  return [
    `${label}: one of ${counts.length} partitions got ${formatNumber((hottest / total) * 100)}% of the messages, by their keys; another technology puts its hottest key elsewhere.`,
  ];
}
