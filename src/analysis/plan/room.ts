import type { Expected } from '../../contracts/documents/api.ts';
import { carriedLoad } from '../../contracts/input/carried-load.ts';
import type { ExperimentSpec } from '../../contracts/input/experiment.ts';
import {
  longestWarmupSeconds,
  measuredSchedule,
  searchOf,
  warmupMessagesPerSecond,
} from '../../contracts/input/load/schedule.ts';
import { assignParticipants } from '../../contracts/temporal/participants.ts';
import { technologyCard } from '../../technologies/registry.ts';
import { formatNumber } from '../report/format.ts';
import { sum } from '../sum.ts';
import { messagesMeasured, mostMessagesMeasured } from './search-length.ts';

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

interface Taken {
  disk: number;
  reserved: number;
  inMemory: number;
  ledger: number;
}

/** Bytes that an experiment takes of its machine's disk and memory; of a search, what is certain. */
export function takenBytes(spec: ExperimentSpec): Taken {
  const stretches = measuredSchedule(spec.workload).map(({ messagesPerSecond, seconds }) => ({
    messages: messagesPerSecond * seconds,
    messagesPerSecond,
  }));
  return takenBy(spec, stretches);
}

/** What runs on machines that are rented takes nothing of this one. */
const nothing: Taken = { disk: 0, reserved: 0, inMemory: 0, ledger: 0 };

/** Messages that come at one rate. */
interface Stretch {
  messages: number;
  messagesPerSecond: number;
}

/** The same where a search finds the highest rate that it may. */
function mostTakenBytes(spec: ExperimentSpec): Taken {
  const search = searchOf(spec.workload.load);
  if (!search) return takenBytes(spec);
  const messages = mostMessagesMeasured(spec.workload);
  return takenBy(spec, [{ messages, messagesPerSecond: search.maxMessagesPerSecond }]);
}

function takenBy(spec: ExperimentSpec, measured: readonly Stretch[]): Taken {
  const { workload, target } = spec;
  if (target === 'aws') return nothing;
  const highestRate = Math.max(0, ...measured.map(({ messagesPerSecond }) => messagesPerSecond));
  const {
    keeps,
    remembers,
    mostMessagesPerSecond = Number.POSITIVE_INFINITY,
    ...share
  } = shareOf(spec, highestRate);
  const warmupRate = warmupMessagesPerSecond(workload);
  const warmup = longestWarmupSeconds(workload) * warmupRate;
  const all = [...measured, { messages: warmup, messagesPerSecond: warmupRate }];
  const messages = sum(all.map((one) => one.messages));
  const takenShare = highestRate > mostMessagesPerSecond ? mostMessagesPerSecond / highestRate : 1;
  const remembered = remembers
    ? Math.min(messages, highestRate * remembers.seconds) * remembers.bytesPerMessage
    : 0;
  const onDisk = all.map((one) => one.messages * shareOf(spec, one.messagesPerSecond).diskBytesPerMessage);
  const disk = sum(onDisk);
  const kept = keeps && keeps.bytes + highestRate * keeps.seconds * share.diskBytesPerMessage;
  return {
    disk: Math.min(disk, kept ?? disk),
    reserved: share.memoryBytes + remembered,
    inMemory: messages * takenShare * share.memoryBytesPerMessage,
    // Each load generator has a ledger of every producer.
    ledger: (warmup + longestRound(workload)) * ledgerBytesPerMessage * assignParticipants(workload).length,
  };
}

/** Messages of the measured round that has the most: those of a ladder are measured one after another. */
function longestRound(workload: ExperimentSpec['workload']): number {
  if (workload.load.shape !== 'ladder') return messagesMeasured(workload);
  const rounds = measuredSchedule(workload).map(
    ({ messagesPerSecond, seconds }) => messagesPerSecond * seconds,
  );
  return Math.max(0, ...rounds);
}

/** What experiments that run one after another take of a machine, and what it has: null where nobody knows it. */
export function expectedRoom(specs: readonly ExperimentSpec[], room: Room): ExpectedRoom {
  const known = (bytes: number) => (Number.isFinite(bytes) ? bytes : null);
  const most = (bytes: (spec: ExperimentSpec) => number) => Math.ceil(Math.max(0, ...specs.map(bytes)));
  const memory = ({ reserved, inMemory, ledger }: Taken) => reserved + inMemory + ledger;
  return {
    diskBytes: most((spec) => takenBytes(spec).disk),
    mostDiskBytes: most((spec) => mostTakenBytes(spec).disk),
    freeDiskBytes: known(room.diskBytes),
    memoryBytes: most((spec) => memory(takenBytes(spec))),
    machineMemoryBytes: known(room.memoryBytes),
  };
}

type ExpectedRoom = Pick<
  Expected,
  'diskBytes' | 'mostDiskBytes' | 'freeDiskBytes' | 'memoryBytes' | 'machineMemoryBytes'
>;

/** What a search may take, where that is more than there is: what it finds decides. */
export function roomWarnings(spec: ExperimentSpec, room: Room): string[] {
  const search = searchOf(spec.workload.load);
  if (!search || roomProblems(spec, room).length > 0) return [];
  const { mostOfDisk, mostOfMemory } = shareOf(spec);
  const { disk, inMemory } = mostTakenBytes(spec);
  const { name } = spec;
  const may = (bytes: number, of: string) =>
    `${name}: its messages may take up to ${gigabytes(bytes)} GB ${of}, should it find ${formatNumber(search.maxMessagesPerSecond)} messages/s. ` +
    'Lower maxMessagesPerSecond, the size or the duration.';
  if (disk > room.diskBytes * mostOfDisk) {
    return [may(disk, `on the disk, of which ${gigabytes(room.diskBytes)} GB are free`)];
  }
  return inMemory > room.memoryBytes * mostOfMemory
    ? [may(inMemory, `of memory, and the machine has ${gigabytes(room.memoryBytes)} GB`)]
    : [];
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

/** @param messagesPerSecond at which messages come; the highest that is known where it is left out */
function shareOf({ technology, settings, workload }: ExperimentSpec, messagesPerSecond?: number) {
  const load = carriedLoad(workload);
  return technologyCard(technology).machineShare(settings, {
    ...load,
    messagesPerSecond: messagesPerSecond ?? load.messagesPerSecond,
  });
}

function gigabytes(bytes: number): string {
  return formatNumber(bytes / 1e9, 1);
}
