import { carriedLoad } from '../../contracts/input/carried-load.ts';
import type { ExperimentSpec } from '../../contracts/input/experiment.ts';
import {
  longestWarmupSeconds,
  measuredSchedule,
  warmupMessagesPerSecond,
} from '../../contracts/input/load/schedule.ts';
import { technologyCard } from '../../technologies/registry.ts';
import { formatNumber } from '../report/format.ts';

/** What the machine has on which an experiment is to run. */
export interface Room {
  /** Free on the disk. */
  diskBytes: number;
  /** Of all of its memory. */
  memoryBytes: number;
}

/** Where nobody knows the machine. */
export const endlessRoom: Room = {
  diskBytes: Number.POSITIVE_INFINITY,
  memoryBytes: Number.POSITIVE_INFINITY,
};

/** What is known of each message, three bits, lies in the load generators' memory. */
const ledgerBytesPerMessage = 3 / 8;

/** Bytes that an experiment takes of its machine's disk and memory; of a search, what is certain. */
export function takenBytes(spec: ExperimentSpec): {
  disk: number;
  reserved: number;
  inMemory: number;
  ledger: number;
} {
  const share = shareOf(spec);
  const messages = messagesOf(spec);
  return {
    disk: messages * share.diskBytesPerMessage,
    reserved: share.memoryBytes,
    inMemory: messages * share.memoryBytesPerMessage,
    ledger: messages * ledgerBytesPerMessage,
  };
}

/** One sentence for each reason why an experiment cannot run on a machine. */
export function roomProblems(spec: ExperimentSpec, room: Room): string[] {
  const { mostOfDisk, mostOfMemory } = shareOf(spec);
  const { disk, reserved, inMemory, ledger } = takenBytes(spec);
  const { name, technology } = spec;
  const problems: string[] = [];
  const own = (share: number) =>
    share < 1 ? `, and ${technologyCard(technology).label} uses no more than ${share * 100}% of that` : '';
  if (disk > room.diskBytes * mostOfDisk) {
    problems.push(
      `${name}: its messages take ${gigabytes(disk)} GB on the disk, of which ${gigabytes(room.diskBytes)} GB are free${own(mostOfDisk)}. ` +
        'Lower the rate, the size, the duration or maxWarmupSeconds, or bound what the product keeps.',
    );
  }
  if (inMemory > room.memoryBytes * mostOfMemory) {
    problems.push(
      `${name}: its messages take ${gigabytes(inMemory)} GB of memory, and the machine has ${gigabytes(room.memoryBytes)} GB${own(mostOfMemory)}. ` +
        'Lower the rate, the size, the duration or maxWarmupSeconds, or have them kept on the disk.',
    );
  } else if (reserved + inMemory + ledger > room.memoryBytes) {
    problems.push(
      `${name}: it takes ${gigabytes(reserved + inMemory + ledger)} GB of memory (${gigabytes(reserved)} GB reserved by its servers, ${gigabytes(inMemory)} GB for messages, ${gigabytes(ledger)} GB to account for each of them), and the machine has ${gigabytes(room.memoryBytes)} GB. ` +
        'Lower what the servers reserve, or the rate, the duration or maxWarmupSeconds.',
    );
  }
  return problems;
}

function shareOf({ technology, settings, workload }: ExperimentSpec) {
  return technologyCard(technology).machineShare(settings, carriedLoad(workload));
}

function messagesOf({ workload }: ExperimentSpec): number {
  return measuredSchedule(workload).reduce(
    (total, { messagesPerSecond, seconds }) => total + messagesPerSecond * seconds,
    longestWarmupSeconds(workload) * warmupMessagesPerSecond(workload),
  );
}

function gigabytes(bytes: number): string {
  return formatNumber(bytes / 1e9, 1);
}
