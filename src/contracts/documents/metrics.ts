import { z } from 'zod';
import type {
  LatencyKind,
  LatencyNumber,
  MessageCount,
  ThroughputSide,
  ThroughputUnit,
} from '../input/metric.ts';

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
} satisfies Record<LatencyNumber | 'histogram', z.ZodType>);
export type Latency = z.infer<typeof latencySchema>;

/** What became of every message; a number that was not measured is null. Each count is explained in `messageCounts`. */
export const messagesSchema = z.object({
  scheduled: count,
  unsent: count,
  sent: count,
  acknowledged: count,
  failed: count,
  indeterminate: count,
  throttled: count,
  received: count,
  lost: count,
  duplicated: count,
  reordered: count.nullable(),
  unexpected: count,
} satisfies Record<MessageCount, z.ZodType>);
export type Messages = z.infer<typeof messagesSchema>;

const rateSchema = z.object({
  messagesPerSecond: z.number(),
  bytesPerSecond: z.number(),
} satisfies Record<ThroughputUnit, z.ZodType>);

/** What a requirement can be on: its paths are `metricPaths` and `partitionMetric`. */
export const measurementSchema = z.object({
  durationSeconds: z.number().positive(),
  messages: messagesSchema,
  throughput: z.object({
    produced: rateSchema,
    consumed: rateSchema,
  } satisfies Record<ThroughputSide, z.ZodType>),
  latency: z.object({
    publish: latencySchema,
    publishScheduled: latencySchema,
    endToEnd: latencySchema,
  } satisfies Record<LatencyKind, z.ZodType>),
  /** First copies that arrived, by the partition's, shard's or subject's number; null where that was not counted. */
  perPartition: z.array(count).nullable().default(null),
  /**
   * Whether it is of a steady state: its warm-up became level, and its halves are alike. null where that cannot be told: of
   * steps, of halves of less than three seconds after a warm-up that says nothing against it, and before 0.3.0.
   */
  steady: z.boolean().nullable().default(null),
  /** Why it is not, in words; null where it is, or that cannot be told. */
  steadyReason: z.string().nullable().default(null),
});
export type Measurement = z.infer<typeof measurementSchema>;

/** The value at a metric path, or null where it was not measured. */
export function metricValue(measurement: Measurement | null, path: string): number | null {
  let value: unknown = measurement;
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null) return null;
    value = (value as Record<string, unknown>)[part];
  }
  return typeof value === 'number' ? value : null;
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

/**
 * The latencies of an interval of 5 s or a hundredth of the schedule, whichever is longer, as a line of
 * `intervals.ndjson`: those of what was confirmed or arrived in it. With them a window can be chosen, or the spread of a
 * percentile told, after the fact.
 */
export const latencyIntervalSchema = z.object({
  /** Seconds since the start: after the first of them, up to the last. */
  fromSecond: z.int(),
  untilSecond: z.int(),
  /** HdrHistogram V2 of microseconds, compressed, base64; null where nothing was counted. */
  publish: z.string().nullable(),
  publishScheduled: z.string().nullable(),
  endToEnd: z.string().nullable(),
});
export type LatencyInterval = z.infer<typeof latencyIntervalSchema>;
