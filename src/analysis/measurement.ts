import type { ConsumePart, ProducePart } from '../contracts/loadgen.ts';
import type { Measurement } from '../contracts/metrics.ts';
import { latencyOf, mergeHistograms } from './histograms.ts';

/** What one side of one load generator measured. */
export type LoadPart = ProducePart | ConsumePart;

/** What the parts of a measurement say together; null unless both ends were measured: half a ledger says nothing of what was lost. */
export function measurementOf(parts: readonly LoadPart[], messageSizeBytes: number): Measurement | null {
  const produced = parts.filter((part) => part.kind === 'produce');
  const consumed = parts.filter((part) => part.kind === 'consume');
  const durationSeconds = Math.max(0, ...produced.map((part) => part.durationSeconds));
  if (consumed.length === 0 || durationSeconds === 0) return null;
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
      received: totalConsumed('received'),
      lost: totalConsumed('lost'),
      duplicated: totalConsumed('duplicated'),
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

type NumericField<T> = { [K in keyof T]: T[K] extends number ? K : never }[keyof T];

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** null as soon as one was not measured. */
function sumOrNull(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>(
    (total, value) => (total === null || value === null ? null : total + value),
    0,
  );
}
