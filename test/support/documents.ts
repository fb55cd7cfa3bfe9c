import type { ComparisonRecord, ExperimentRecord } from '../../src/contracts/documents/api.ts';
import type { Latency, Measurement } from '../../src/contracts/documents/metrics.ts';
import type { ExperimentProgress, LiveStats } from '../../src/contracts/documents/progress.ts';
import type { Result } from '../../src/contracts/documents/result.ts';
import { type ComparisonSpec, comparisonSchema } from '../../src/contracts/input/comparison.ts';
import { type ExperimentSpec, experimentSchema } from '../../src/contracts/input/experiment.ts';

/** The smallest experiment that is valid. */
export const experimentDocument = {
  name: 'kafka, acks all',
  technology: 'kafka',
  workload: { load: { shape: 'constant', messagesPerSecond: 1000 } },
};

export const comparisonDocument = {
  name: 'kafka vs kinesis',
  workload: { load: { shape: 'constant', messagesPerSecond: 1000 } },
  requirements: [{ metric: 'messages.lost', atMost: 0 }],
  variants: [
    { name: 'Kafka', technology: 'kafka' },
    { name: 'Kinesis', technology: 'kinesis' },
  ],
};

export function experimentSpec(document: object = {}): ExperimentSpec {
  return experimentSchema.parse({ ...experimentDocument, ...document });
}

export function comparisonSpec(document: object = {}): ComparisonSpec {
  return comparisonSchema.parse({ ...comparisonDocument, ...document });
}

export function progress(given: Partial<ExperimentProgress> = {}): ExperimentProgress {
  return {
    phase: 'measuring',
    outcome: null,
    queuePosition: null,
    startedAt: '2026-11-24T12:00:01.000Z',
    endedAt: null,
    cancelRequestedAt: null,
    timeline: [
      { phase: 'queued', startedAt: '2026-11-24T12:00:00.000Z', endedAt: '2026-11-24T12:00:01.000Z' },
      { phase: 'provisioning', startedAt: '2026-11-24T12:00:01.000Z', endedAt: '2026-11-24T12:00:08.000Z' },
      { phase: 'measuring', startedAt: '2026-11-24T12:00:08.000Z', endedAt: null },
    ],
    restarts: 0,
    probes: [],
    failure: null,
    operator: null,
    ...given,
  };
}

/** A record; by default of a completed experiment. */
export function experimentRecord(given: Partial<ExperimentRecord> = {}): ExperimentRecord {
  const spec = given.spec ?? experimentSpec();
  const id = given.id ?? 'exp-0001';
  return {
    ...progress({ phase: 'closed', outcome: 'completed', endedAt: '2026-11-24T12:01:00.000Z' }),
    id,
    runId: `run-of-${id}`,
    name: spec.name,
    technology: spec.technology,
    target: spec.target,
    emulated: spec.technology === 'kinesis',
    comparisonId: null,
    submittedAt: '2026-11-24T12:00:00.000Z',
    spec,
    hasResult: true,
    ...given,
  };
}

/** The record that is written when an experiment is accepted. */
export function acceptedRecord(given: Partial<ExperimentRecord> = {}): ExperimentRecord {
  return experimentRecord({
    phase: 'queued',
    outcome: null,
    startedAt: null,
    endedAt: null,
    hasResult: false,
    timeline: [{ phase: 'queued', startedAt: '2026-11-24T12:00:00.000Z', endedAt: null }],
    ...given,
  });
}

export function comparisonRecord(given: Partial<ComparisonRecord> = {}): ComparisonRecord {
  const id = given.id ?? 'cmp-0001';
  return {
    id,
    runId: `run-of-${id}`,
    name: 'kafka vs kinesis',
    outcome: 'completed',
    submittedAt: '2026-11-24T12:00:00.000Z',
    startedAt: '2026-11-24T12:00:00.000Z',
    endedAt: '2026-11-24T12:05:00.000Z',
    cancelRequestedAt: null,
    variants: [
      { name: 'Kafka', experimentId: `${id}-01`, repetition: 1, state: 'completed' },
      { name: 'Kinesis', experimentId: `${id}-02`, repetition: 1, state: 'completed' },
    ],
    failure: null,
    spec: comparisonSpec(),
    ...given,
  };
}

export function latency(given: Partial<Latency> = {}): Latency {
  return {
    count: 20_000,
    meanMs: 2,
    p50Ms: 1.234,
    p90Ms: 3,
    p95Ms: 5,
    p99Ms: 12.34,
    p999Ms: 45.6,
    p9999Ms: null,
    maxMs: 123.4,
    histogram: null,
    ...given,
  };
}

export function measurement(given: Partial<Measurement> = {}): Measurement {
  return {
    durationSeconds: 20,
    messages: {
      scheduled: 20_000,
      unsent: 0,
      sent: 20_000,
      acknowledged: 20_000,
      failed: 0,
      indeterminate: 0,
      throttled: 0,
      received: 20_000,
      lost: 0,
      duplicated: 0,
      reordered: null,
      unexpected: 0,
    },
    throughput: {
      produced: { messagesPerSecond: 1_000, bytesPerSecond: 1_024_000 },
      consumed: { messagesPerSecond: 999.5, bytesPerSecond: 1_023_488 },
    },
    latency: { publish: latency(), publishScheduled: latency(), endToEnd: latency() },
    perPartition: null,
    steady: true,
    steadyReason: null,
    ...given,
  };
}

export function loadGenerator(): NonNullable<Result['loadGenerator']> {
  return {
    cpuUtilization: 0.5,
    eventLoopDelayP99Ms: 1,
    lateSendP50Ms: 0.5,
    lateSendP99Ms: 1,
    ownLateSendP50Ms: 0.5,
    ownLateSendP99Ms: 1,
    hostCpuUtilization: 0.7,
    hostStealUtilization: 0,
    otherCpuUtilization: 0.1,
    startLateMs: 0,
    undrainedBefore: 0,
    limited: false,
    evidence: [],
    threads: [],
  };
}

export function result(given: Partial<Result> = {}): Result {
  const spec = given.spec ?? experimentSpec();
  return {
    schemaVersion: 1,
    experimentId: 'exp-0001',
    runId: 'run-of-exp-0001',
    name: spec.name,
    technology: spec.technology,
    target: spec.target,
    emulated: spec.technology === 'kinesis',
    partial: false,
    restarts: 0,
    spec,
    environment: { host: null, node: null, product: null, clients: null, terraform: null, comparator: null },
    timeline: [],
    guarantee: null,
    warmup: null,
    measurement: measurement(),
    refusals: [],
    loadGenerator: null,
    product: null,
    ceiling: null,
    capacity: null,
    ladder: null,
    verdicts: [],
    cost: null,
    failure: null,
    ...given,
  };
}

export function liveStats(given: Partial<LiveStats> = {}): LiveStats {
  return {
    atEpochMs: Date.parse('2026-11-24T12:00:10.000Z'),
    probe: null,
    intendedPerSecond: 1_000,
    secondsElapsed: 5,
    secondsTotal: 20,
    producedPerSecond: 1_000,
    consumedPerSecond: 990,
    acknowledged: 5_000,
    received: 4_950,
    backlog: 50,
    failed: 0,
    publishP50Ms: 1.1,
    publishP99Ms: 3.2,
    publishScheduledP50Ms: 1.2,
    publishScheduledP99Ms: 3.4,
    endToEndP50Ms: 2.3,
    endToEndP99Ms: 12.3,
    ownLatenessP99Ms: 0.2,
    ...given,
  };
}
