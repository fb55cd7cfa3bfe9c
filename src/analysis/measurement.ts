import type { ConsumePart, LoadPart, ProducePart } from '../contracts/documents/load-parts.ts';
import type { Measurement } from '../contracts/documents/metrics.ts';
import type { Workload } from '../contracts/input/workload.ts';
import { assignParticipants } from '../contracts/temporal/participants.ts';
import { latencyOf, mergeHistograms } from './histograms.ts';
import type { LedgerTotals } from './ledger-tally.ts';
import { sum, sumOrNull } from './sum.ts';

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
      received: ledgerTotals?.received ?? totalConsumed('received'),
      lost: ledgerTotals?.lost ?? totalConsumed('lost'),
      duplicated: totalConsumed('duplicated') + (ledgerTotals?.duplicated ?? 0),
      reordered: sumOrNull(consumed.map(({ reordered }) => reordered)),
      unexpected: totalConsumed('unexpected'),
    },
    throughput: {
      produced: rate(total('acknowledgedInTime')),
      consumed: rate(totalConsumed('receivedInTime')),
    },
    latency: {
      publish: latencyOf(mergeHistograms(produced.map((part) => part.publish))),
      publishScheduled: latencyOf(mergeHistograms(produced.map((part) => part.publishScheduled))),
      endToEnd: latencyOf(mergeHistograms(consumed.map((part) => part.endToEnd))),
    },
  };
}

type MeasuredWorkload = Pick<Workload, 'messageSizeBytes' | 'producers' | 'consumers' | 'generators'>;

/** Whether as many parts are there as load generators had something to measure. */
function isComplete(producing: number, consuming: number, workload: MeasuredWorkload): boolean {
  const participants = assignParticipants(workload);
  return (
    consuming > 0 &&
    producing >= participants.filter(({ producers }) => producers.length > 0).length &&
    consuming >= participants.filter(({ consumers }) => consumers.length > 0).length
  );
}

type NumericField<T> = { [K in keyof T]: T[K] extends number ? K : never }[keyof T];
