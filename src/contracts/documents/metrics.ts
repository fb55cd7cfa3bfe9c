import { z } from 'zod';

const count = z.int().min(0);

/** Latency of one kind over one measurement, in milliseconds; null where nothing was counted. */
export const latencySchema = z.object({
  count,
  meanMs: z.number().nullable(),
  p50Ms: z.number().nullable(),
  p90Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
  p999Ms: z.number().nullable(),
  p9999Ms: z.number().nullable(),
  maxMs: z.number().nullable(),
  /** HdrHistogram V2 of microseconds, compressed, base64. */
  histogram: z.string().nullable(),
});
export type Latency = z.infer<typeof latencySchema>;

/** What became of every message; a number that was not measured is null. */
export const messagesSchema = z.object({
  scheduled: count,
  /** Scheduled and never handed to the client. */
  unsent: count,
  sent: count,
  acknowledged: count,
  /** Sent, and refused for good by the product or the client. */
  failed: count,
  /** Sent, and unknown whether the product took it. */
  indeterminate: count,
  /** Refusals that were retried. */
  throttled: count,
  /** Distinct messages. */
  received: count,
  /** Acknowledged and not received by the end of the drain. */
  lost: count,
  /** Copies of messages beyond the first. */
  duplicated: count,
  /** Received after a later message of the same producer from the same partition or key. */
  reordered: count.nullable(),
  /** Received, but not of this measurement. */
  unexpected: count,
});
export type Messages = z.infer<typeof messagesSchema>;

const rateSchema = z.object({ messagesPerSecond: z.number(), bytesPerSecond: z.number() });

export const measurementSchema = z.object({
  durationSeconds: z.number().positive(),
  messages: messagesSchema,
  throughput: z.object({
    /** Acknowledged within the measured time. */
    produced: rateSchema,
    /** Received within the measured time. */
    consumed: rateSchema,
  }),
  latency: z.object({
    /** Send to acknowledgement. */
    publish: latencySchema,
    /** Intended send time to acknowledgement. */
    publishScheduled: latencySchema,
    /** Intended send time to consumer. */
    endToEnd: latencySchema,
  }),
});
export type Measurement = z.infer<typeof measurementSchema>;

const latencyFields = Object.keys(latencySchema.shape).filter((field) => field !== 'histogram');

/** Every path of a measurement that can be a requirement's metric. */
export const metricPaths: readonly string[] = [
  'durationSeconds',
  ...Object.keys(messagesSchema.shape).map((field) => `messages.${field}`),
  ...['produced', 'consumed'].flatMap((side) =>
    Object.keys(rateSchema.shape).map((field) => `throughput.${side}.${field}`),
  ),
  ...['publish', 'publishScheduled', 'endToEnd'].flatMap((kind) =>
    latencyFields.map((field) => `latency.${kind}.${field}`),
  ),
];

/** The value at a metric path, or null where it was not measured. */
export function metricValue(measurement: Measurement | null, path: string): number | null {
  let value: unknown = measurement;
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null) return null;
    value = (value as Record<string, unknown>)[part];
  }
  return typeof value === 'number' ? value : null;
}

/** Whether a metric says how fast, as against how correct; an emulator's speed decides no verdict. */
export function isSpeedMetric(path: string): boolean {
  return path.startsWith('latency.') || path.startsWith('throughput.');
}

const latencyMs = z.number().nullable();

/** Latencies of one second, in milliseconds; null where nothing was counted. */
export const secondLatenciesSchema = z.object({
  publishP50Ms: latencyMs,
  publishP99Ms: latencyMs,
  publishScheduledP50Ms: latencyMs,
  publishScheduledP99Ms: latencyMs,
  endToEndP50Ms: latencyMs,
  endToEndP99Ms: latencyMs,
});
export type SecondLatencies = z.infer<typeof secondLatenciesSchema>;

/** One second of a measurement, as a line of `timeseries.ndjson`. */
export const secondSchema = z.object({
  /** Seconds since the start, at the end of the interval; beyond the measured time while draining. */
  second: z.int(),
  /** Acknowledged in it. */
  produced: count,
  /** First copies received in it. */
  consumed: count,
  failed: count,
  /** Acknowledged and not received by its end. */
  backlog: count,
  ...secondLatenciesSchema.shape,
});
export type Second = z.infer<typeof secondSchema>;
