import type { ConsumePart, LoadPart, ProducePart } from '../contracts/documents/load-parts.ts';
import type { Measurement } from '../contracts/documents/metrics.ts';
import type { RateStep, Workload } from '../contracts/input/workload.ts';
import { assignParticipants } from '../contracts/temporal/participants.ts';
import { arrivalsOf, type Side, usualDelaySeconds } from './arrivals.ts';
import { backlogGrowth, isCarried, isOnlyDelayed, type Stretch } from './backlog.ts';
import { latencyOf, mergeHistograms } from './latency/histograms.ts';
import type { LedgerTotals } from './ledger/ledger-tally.ts';
import { sum, sumByIndex, sumOrNull } from './sum.ts';

/**
 * What the parts of a measurement say together; null unless both ends of every load generator were measured: half a
 * ledger says nothing of what was lost.
 * @param ledgerTotals what the ledgers of several generators say together; null where there is one, which counts by itself
 */
export function measurementOf(
  parts: readonly LoadPart[],
  workload: MeasuredWorkload,
  ledgerTotals: LedgerTotals | null,
): Measurement | null {
  const { messageSizeBytes } = workload;
  const produced = parts.filter((part) => part.kind === 'produce');
  const consumed = parts.filter((part) => part.kind === 'consume');
  const durationSeconds = Math.max(0, ...produced.map((part) => part.durationSeconds));
  if (!isComplete(produced.length, consumed.length, workload) || durationSeconds === 0) return null;
  const total = (field: NumericField<ProducePart>) => sum(produced.map((part) => part[field]));
  const totalConsumed = (field: NumericField<ConsumePart>) => sum(consumed.map((part) => part[field]));
  const rate = (messages: number) => ({
    messagesPerSecond: messages / durationSeconds,
    bytesPerSecond: (messages * messageSizeBytes) / durationSeconds,
  });
  const received = ledgerTotals?.received ?? totalConsumed('received');
  const scheduled = total('scheduled');
  const steps = dueSteps(workload, { scheduled, durationSeconds });
  const carried = (side: Side, all: number, inTime: number) =>
    keptPace(steps, parts, side, { all, inTime, scheduled }) ? Math.max(all, inTime) : inTime;
  return {
    durationSeconds,
    messages: {
      scheduled: total('scheduled'),
      unsent: total('unsent'),
      sent: total('scheduled') - total('unsent'),
      acknowledged: total('acknowledged'),
      failed: total('failed'),
      indeterminate: total('indeterminate'),
      throttled: total('throttled'),
      received,
      lost: ledgerTotals?.lost ?? totalConsumed('lost'),
      duplicated: totalConsumed('duplicated') + (ledgerTotals?.duplicated ?? 0),
      reordered: sumOrNull(consumed.map(({ reordered }) => reordered)),
      unexpected: totalConsumed('unexpected'),
    },
    throughput: {
      produced: rate(carried('produced', total('acknowledged'), total('acknowledgedInTime'))),
      // A message that came to several load generators is in the time of each.
      consumed: rate(carried('consumed', received, Math.min(received, totalConsumed('receivedInTime')))),
    },
    latency: {
      publish: latencyOf(mergeHistograms(produced.map((part) => part.publish))),
      publishScheduled: latencyOf(mergeHistograms(produced.map((part) => part.publishScheduled))),
      endToEnd: latencyOf(mergeHistograms(consumed.map((part) => part.endToEnd))),
    },
    perPartition: perPartitionOf(consumed),
    // Whoever knows of the warm-up too tells it.
    steady: null,
    steadyReason: null,
  };
}

/** null where the load generators' release did not count it. */
function perPartitionOf(consumed: readonly ConsumePart[]): number[] | null {
  const counts = sumByIndex(consumed.map(({ perPartition }) => perPartition));
  return counts.length > 0 ? counts : null;
}

type MeasuredWorkload = Pick<
  Workload,
  'load' | 'messageSizeBytes' | 'producers' | 'consumers' | 'generators'
>;

/**
 * Whether one side kept pace with the schedule. Then what was still on its way when the schedule ended was carried as
 * well: it is late by the product's delay, which is told by the latencies, and is no lack of throughput. Where a backlog
 * is left, only what came in time counts.
 */
function keptPace(
  steps: readonly RateStep[],
  parts: readonly LoadPart[],
  side: Side,
  { all, inTime, scheduled }: { all: number; inTime: number; scheduled: number },
): boolean {
  const delayIn = (stretch?: Stretch) => usualDelaySeconds(parts, side, stretch);
  const isLongEnough = backlogGrowth(steps, []) !== null;
  return isLongEnough
    ? isCarried(steps, arrivalsOf(parts, side), delayIn)
    : all >= scheduled && isOnlyDelayed(steps, all - inTime, delayIn());
}

/** What was due, also of a measurement that was cut short; a probe's rate is what it scheduled. */
function dueSteps(
  { load }: MeasuredWorkload,
  { scheduled, durationSeconds }: { scheduled: number; durationSeconds: number },
): RateStep[] {
  if (load.shape !== 'steps') {
    return [{ messagesPerSecond: scheduled / durationSeconds, seconds: durationSeconds }];
  }
  let left = durationSeconds;
  return load.steps.map(({ messagesPerSecond, seconds }) => {
    const used = Math.max(0, Math.min(left, seconds));
    left -= used;
    return { messagesPerSecond, seconds: used };
  });
}

/** Whether as many parts are there as load generators had something to measure. */
function isComplete(producing: number, consuming: number, workload: MeasuredWorkload): boolean {
  const participants = assignParticipants(workload);
  return (
    consuming > 0 &&
    producing >= participants.filter(({ producers }) => producers.length > 0).length &&
    consuming >= participants.filter(({ consumers }) => consumers.length > 0).length
  );
}

type NumericField<T> = { [K in keyof T]-?: T[K] extends number ? K : never }[keyof T];
