/**
 * What a requirement can be on: the counts, rates and latencies that a measurement ends in, by name. The shapes of their
 * values are in `documents/metrics.ts`, which must have exactly these.
 */

/** Counts of messages, each with what it means. */
export const messageCounts = {
  scheduled: 'Due by the schedule',
  unsent: 'Scheduled and never handed to the client',
  sent: 'Handed to the client',
  acknowledged: 'Sent, and confirmed by the product',
  failed: 'Sent, and refused for good by the product or the client',
  indeterminate: 'Sent, and unknown whether the product took it',
  throttled: 'Refusals that were retried',
  received: 'Distinct messages that arrived',
  lost: 'Acknowledged and not received by the end of the drain',
  duplicated: 'Copies of messages beyond the first',
  reordered: 'Received after a later message of the same producer from the same partition or key',
  unexpected: 'Received, but not of this measurement',
} as const;
export type MessageCount = keyof typeof messageCounts;

/** The two ends at which throughput is measured. */
export const throughputSides = {
  produced: 'Acknowledged, over the length of the schedule',
  consumed: 'Received, over the length of the schedule',
} as const;
export type ThroughputSide = keyof typeof throughputSides;

const throughputUnits = ['messagesPerSecond', 'bytesPerSecond'] as const;
export type ThroughputUnit = (typeof throughputUnits)[number];

/** Latencies, each with what it spans. */
export const latencyKinds = {
  publish: 'Send to acknowledgement',
  publishScheduled: 'Intended send time to acknowledgement',
  endToEnd: 'Intended send time to consumer',
} as const;
export type LatencyKind = keyof typeof latencyKinds;

/** Numbers of one latency, in milliseconds but for the count. */
const latencyNumbers = [
  'count',
  'meanMs',
  'p50Ms',
  'p90Ms',
  'p95Ms',
  'p99Ms',
  'p999Ms',
  'p9999Ms',
  'maxMs',
] as const;
export type LatencyNumber = (typeof latencyNumbers)[number];

/** First copies that arrived from one partition, shard or subject, by its number from 0. */
export const partitionMetric = /^perPartition\.(0|[1-9]\d{0,5})$/;

/** Every path of a measurement that can be a requirement's metric, beside those of its partitions. */
export const metricPaths: readonly string[] = [
  'durationSeconds',
  ...Object.keys(messageCounts).map((name) => `messages.${name}`),
  ...Object.keys(throughputSides).flatMap((side) =>
    throughputUnits.map((unit) => `throughput.${side}.${unit}`),
  ),
  ...Object.keys(latencyKinds).flatMap((kind) => latencyNumbers.map((name) => `latency.${kind}.${name}`)),
];

/** A metric that is a latency: which one, and which of its numbers. */
export interface LatencyMetric {
  kind: LatencyKind;
  number: Exclude<LatencyNumber, 'count'>;
  /** From 0 to 100; null for the mean and the maximum. */
  percentile: number | null;
}

/** Takes the path of a latency apart; null for any other metric, counts of latencies among them. */
export function latencyMetric(path: string): LatencyMetric | null {
  const [group, kind, number] = path.split('.');
  if (group !== 'latency' || number === 'count') return null;
  const digits = /^p(\d\d)(\d*)Ms$/.exec(number ?? '');
  return {
    kind: kind as LatencyKind,
    number: number as LatencyMetric['number'],
    percentile: digits ? Number(`${digits[1]}.${digits[2] || 0}`) : null,
  };
}

/** Counts that are what they are however fast or slow the product. */
const timelessCounts: readonly string[] = [
  'scheduled',
  'lost',
  'duplicated',
  'reordered',
  'unexpected',
] satisfies MessageCount[];

/**
 * Whether a metric follows from how fast the product, or the load generator, is, as against how correct: what could not
 * be sent, was throttled or was given up on does too. An emulator's speed decides no verdict.
 */
export function followsFromSpeed(path: string): boolean {
  return !timelessCounts.some((count) => path === `messages.${count}`);
}
