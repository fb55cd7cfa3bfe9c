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
  produced: 'Acknowledged within the measured time',
  consumed: 'Received within the measured time',
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

/** Every path of a measurement that can be a requirement's metric. */
export const metricPaths: readonly string[] = [
  'durationSeconds',
  ...Object.keys(messageCounts).map((name) => `messages.${name}`),
  ...Object.keys(throughputSides).flatMap((side) =>
    throughputUnits.map((unit) => `throughput.${side}.${unit}`),
  ),
  ...Object.keys(latencyKinds).flatMap((kind) => latencyNumbers.map((name) => `latency.${kind}.${name}`)),
];

/** Whether a metric says how fast, as against how correct; an emulator's speed decides no verdict. */
export function isSpeedMetric(path: string): boolean {
  return path.startsWith('latency.') || path.startsWith('throughput.');
}
