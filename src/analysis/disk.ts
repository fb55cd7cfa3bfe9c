import type { ExperimentSpec } from '../contracts/input/experiment.ts';
import { measuredSchedule, warmupMessagesPerSecond } from '../contracts/input/workload.ts';
import { technologyCard } from '../technologies/registry.ts';
import { formatNumber } from './report/format.ts';

/** Bytes of payload that an experiment leaves on the disk of its machine until it is destroyed; of a search, what is certain. */
export function storedBytes({ technology, settings, workload }: ExperimentSpec): number {
  const copies = technologyCard(technology).copiesOnDisk?.(settings) ?? 0;
  const warmup = workload.warmupSeconds * warmupMessagesPerSecond(workload);
  const measured = measuredSchedule(workload).map(
    ({ messagesPerSecond, seconds }) => messagesPerSecond * seconds,
  );
  const messages = measured.reduce((total, one) => total + one, warmup);
  return copies * messages * workload.messageSizeBytes;
}

/** One sentence for whoever is about to run an experiment that does not fit on the disk; null for any other. */
export function diskProblem(spec: ExperimentSpec, freeBytes: number): string | null {
  const bytes = storedBytes(spec);
  if (bytes <= freeBytes) return null;
  return (
    `${spec.name}: its messages take ${gigabytes(bytes)} GB on the disk, of which ${gigabytes(freeBytes)} GB are free. ` +
    'Lower the rate, the size or the duration, or bound what the product keeps.'
  );
}

function gigabytes(bytes: number): string {
  return formatNumber(bytes / 1e9, 1);
}
