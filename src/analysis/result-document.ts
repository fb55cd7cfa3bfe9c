import type { AssembleResultInput } from '../contracts/control.ts';
import type { ConsumePart, ProducePart } from '../contracts/loadgen.ts';
import type { Measurement } from '../contracts/metrics.ts';
import type { Result } from '../contracts/result.ts';
import { type TechnologyId, technologyCard } from '../technologies/registry.ts';
import { asksBeyond, ceilingOf } from './ceiling.ts';
import { latencyOf, mergeHistograms } from './histograms.ts';
import { judge } from './verdicts.ts';

export type LoadPart = ProducePart | ConsumePart;

/** The result document of a run, from what the load generators measured. Shape: CONTRACT.md, "Result document". */
export function resultDocument(
  input: AssembleResultInput & { runId: string },
  parts: readonly LoadPart[],
): Result {
  const { spec, provisioned } = input;
  const card = technologyCard(spec.technology as TechnologyId);
  const emulated = card.targets[spec.target]?.emulated ?? false;
  const produced = parts.filter((part) => part.kind === 'produce');
  const consumed = parts.filter((part) => part.kind === 'consume');
  const measurement = measure(produced, consumed, spec.workload.messageSizeBytes);
  const ceiling = ceilingOf(spec);
  const host = input.opened[0]?.environment;
  return {
    schemaVersion: 1,
    experimentId: input.experimentId,
    runId: input.runId,
    name: spec.name,
    technology: spec.technology,
    target: spec.target,
    emulated,
    partial: input.partial,
    restarts: input.restarts,
    spec,
    environment: {
      host: host?.host ?? null,
      node: host?.node ?? null,
      product: host?.product ?? provisioned?.product ?? null,
      clients: host?.clients ?? null,
      terraform: provisioned?.terraform ?? null,
    },
    timeline: input.timeline,
    warmup:
      input.opened.length > 0
        ? { acknowledged: sum(input.opened.map(({ warmup }) => warmup.acknowledged)) }
        : null,
    measurement,
    loadGenerator: measurement && generatorUsage(produced),
    ceiling: ceiling && {
      messagesPerSecond: ceiling.messagesPerSecond,
      source: ceiling.source,
      exceeded:
        asksBeyond(spec, ceiling) ||
        (measurement?.throughput.produced.messagesPerSecond ?? 0) > ceiling.messagesPerSecond,
    },
    capacity: null,
    verdicts: judge(spec.requirements, { measurement, emulated, partial: input.partial }),
    cost: null,
    failure: input.failure,
  };
}

/** null unless both ends were measured: half a ledger says nothing of what was lost. */
function measure(
  produced: readonly ProducePart[],
  consumed: readonly ConsumePart[],
  messageSizeBytes: number,
): Measurement | null {
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

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** null as soon as one was not measured. */
function sumOrNull(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>(
    (total, value) => (total === null || value === null ? null : total + value),
    0,
  );
}

/** The busiest generator speaks for all; whether it was the bottleneck is judged in a later version. */
function generatorUsage(produced: readonly ProducePart[]): Result['loadGenerator'] {
  const worst = (values: number[]) => (values.length > 0 ? Math.max(...values) : null);
  return {
    cpuUtilization: worst(produced.map(({ generator }) => generator.cpuUtilization)),
    eventLoopDelayP99Ms: worst(produced.map(({ generator }) => generator.eventLoopDelayP99Ms)),
    lateSendP99Ms: latencyOf(mergeHistograms(produced.map(({ lateness }) => lateness))).p99Ms,
    limited: null,
    evidence: [],
  };
}

/** One line a second: what both ends saw. */
export function timeseriesLines(parts: readonly LoadPart[]): string {
  const seconds = new Map<number, Record<string, number | null>>();
  const at = (second: number) => {
    const entry = seconds.get(second) ?? { second, acknowledged: 0, failed: 0, received: 0 };
    seconds.set(second, entry);
    return entry;
  };
  const highest = (a: number | null | undefined, b: number | null) =>
    a === null || a === undefined ? b : b === null ? a : Math.max(a, b);
  for (const part of parts) {
    if (part.kind === 'produce') {
      for (const one of part.series) {
        const entry = at(one.second);
        entry.acknowledged = (entry.acknowledged ?? 0) + one.acknowledged;
        entry.failed = (entry.failed ?? 0) + one.failed;
        entry.publishP50Ms = highest(entry.publishP50Ms, one.publishP50Ms);
        entry.publishP99Ms = highest(entry.publishP99Ms, one.publishP99Ms);
      }
    } else {
      for (const one of part.series) {
        const entry = at(one.second);
        entry.received = (entry.received ?? 0) + one.received;
        entry.endToEndP50Ms = highest(entry.endToEndP50Ms, one.endToEndP50Ms);
        entry.endToEndP99Ms = highest(entry.endToEndP99Ms, one.endToEndP99Ms);
      }
    }
  }
  return [...seconds.values()]
    .sort((a, b) => (a.second ?? 0) - (b.second ?? 0))
    .map((entry) => `${JSON.stringify(entry)}\n`)
    .join('');
}
