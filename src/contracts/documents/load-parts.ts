import { z } from 'zod';
import { productSchema } from './product.ts';

/**
 * What a load generator tells of itself and of what it measured. It crosses S3 and Temporal, and the other end may be of
 * another version: what is needed must be there, anything more is passed over.
 */

const count = z.int().min(0);

/** HdrHistogram V2 of microseconds, compressed, base64; null when empty. */
const encodedHistogramSchema = z.string().nullable();
export type EncodedHistogram = z.infer<typeof encodedHistogramSchema>;

const percentileMs = z.number().nullable();

const produceSecondSchema = z.object({
  /** Seconds since the start of the schedule, at the end of the interval. */
  second: z.int(),
  acknowledged: count,
  failed: count,
  publishP50Ms: percentileMs,
  publishP99Ms: percentileMs,
  publishScheduledP50Ms: percentileMs,
  publishScheduledP99Ms: percentileMs,
});

const consumeSecondSchema = z.object({
  second: z.int(),
  received: count,
  /** Seconds that this one still had when each message came, summed; null from 0.2.0, which did not say. */
  secondsLeft: z.number().nullable().default(null),
  endToEndP50Ms: percentileMs,
  endToEndP99Ms: percentileMs,
});

/** Seconds since the start of the schedule: what was recorded after the first of them, up to the last. */
const intervalShape = { fromSecond: z.int().min(0), untilSecond: z.int() };

/** Latencies of several seconds. 0.2.0 kept none. */
const produceIntervalSchema = z.object({
  ...intervalShape,
  publish: encodedHistogramSchema,
  publishScheduled: encodedHistogramSchema,
});
const consumeIntervalSchema = z.object({ ...intervalShape, endToEnd: encodedHistogramSchema });

/** What one thread of a load generator used while it measured. */
export const threadUsageSchema = z.object({
  /** `producer 0`, `consumer 1`, …; `process` for all threads of the process together. */
  name: z.string(),
  /** 1 is one core. */
  cpuUtilization: z.number(),
  /** Beyond the timer's own interval; null for the process. */
  eventLoopDelayP99Ms: z.number().nullable(),
  /** Share of the time in which garbage collection stopped the thread; null for the process. */
  gcUtilization: z.number().nullable(),
});
export type ThreadUsage = z.infer<typeof threadUsageSchema>;

/** Messages that were sent and not acknowledged, and why. */
export const refusalSchema = z.object({
  /** The product's own name for it where it gave one, such as `MESSAGE_TOO_LARGE`; else what happened. */
  reason: z.string(),
  /** `failed`: certainly not taken; `indeterminate`: they may have been. */
  outcome: z.enum(['failed', 'indeterminate']),
  messages: count,
});
export type Refusal = z.infer<typeof refusalSchema>;

/** What all processes of the product used during the schedule, seen from outside; null what could not be seen. */
export const productUseSchema = z.object({
  cpuSeconds: z.number().nullable(),
  /** The most that each ever had in memory, added up. */
  peakMemoryBytes: z.number().nullable(),
  diskReadBytes: z.number().nullable(),
  diskWriteBytes: z.number().nullable(),
});
export type ProductUse = z.infer<typeof productUseSchema>;

/** What the machine did during the schedule. */
const hostUsageSchema = z.object({
  cpuCount: z.int(),
  /** Share of all its cores, from 0 to 1, with what a hypervisor took away. */
  cpuUtilization: z.number(),
  /** Share that a hypervisor took away; null where that is not told. */
  stealUtilization: z.number().nullable(),
});
export type HostUsage = z.infer<typeof hostUsageSchema>;

/** When the schedule began. */
const startSchema = z.object({
  /** By how much it was put off, until everybody was ready, in milliseconds. */
  lateMs: z.number(),
  /** As far as known here: acknowledged messages of the round before that had not arrived, and those a client still held. */
  undrainedBefore: count,
});

/** What both sides tell, the host once for each load generator; 0.2.0 did not. */
const sideShape = {
  host: hostUsageSchema.nullish(),
  start: startSchema.optional(),
};

/** What the producers of one generator measured. */
const producePartSchema = z.object({
  kind: z.literal('produce'),
  /** Measured time in seconds; shorter than asked when cut short. */
  durationSeconds: z.number().min(0),
  scheduled: count,
  unsent: count,
  acknowledged: count,
  failed: count,
  indeterminate: count,
  throttled: count,
  /** Of what was settled as failed or in doubt; releases before 0.3.0 say none. */
  refusals: z.array(refusalSchema).default([]),
  /** Acknowledged within the measured time, the base of throughput. */
  acknowledgedInTime: count,
  publish: encodedHistogramSchema,
  publishScheduled: encodedHistogramSchema,
  /** Actual less intended send time. */
  lateness: encodedHistogramSchema,
  /** The part of it that the generator itself is to blame for: not counting waits for room that the product had to make. */
  ownLateness: encodedHistogramSchema,
  series: z.array(produceSecondSchema),
  /** null where the product's processes are not beside the generator. */
  product: productUseSchema.nullable().default(null),
  intervals: z.array(produceIntervalSchema).optional(),
  /** Where its producers' outcomes lie, message by message; null where none are kept. */
  ledgerKey: z.string().nullable(),
  threads: z.array(threadUsageSchema),
  ...sideShape,
});
export type ProducePart = z.infer<typeof producePartSchema>;

/** What the consumers of one generator measured. Where there are several, only their ledgers together say what is lost. */
const consumePartSchema = z.object({
  kind: z.literal('consume'),
  /** Distinct messages that came to this generator. */
  received: count,
  receivedInTime: count,
  /** Acknowledged, as far as this generator knows, and not received by it. */
  lost: count,
  /** Copies beyond the first that came to this generator. */
  duplicated: count,
  /** First copies, as seen by this generator; null where the technology promises no order. */
  reordered: count.nullable(),
  /** Received, but not made by this session; leftovers of its warm-up and of earlier sessions are left out. */
  unexpected: count,
  /** First copies, by the partition's number; releases before 0.3.0 say none. */
  perPartition: z.array(count).default([]),
  endToEnd: encodedHistogramSchema,
  series: z.array(consumeSecondSchema),
  intervals: z.array(consumeIntervalSchema).optional(),
  /** Where it lies what arrived, message by message; null where none is kept. */
  ledgerKey: z.string().nullable(),
  threads: z.array(threadUsageSchema),
  ...sideShape,
});
export type ConsumePart = z.infer<typeof consumePartSchema>;

/** What one side of one load generator measured, as it lies in S3. */
export const loadPartSchema = z.discriminatedUnion('kind', [producePartSchema, consumePartSchema]);
export type LoadPart = z.infer<typeof loadPartSchema>;

/** What the machine made of a little fixed work, before the load: machines of one name differ, and so do their days. */
const calibrationSchema = z.object({
  /** Of one thread: rounds of a loop in integers, and what it hashed by SHA-256. */
  loopMillionsPerSecond: z.number(),
  hashMegabytesPerSecond: z.number(),
  /** From memory to memory, by one thread. */
  copyMegabytesPerSecond: z.number(),
  /** Until 4 KiB were on the disk of the run folder; null where that could not be tried. */
  fsyncP50Ms: z.number().nullable(),
});
export type Calibration = z.infer<typeof calibrationSchema>;

/** The machine that generates the load. */
export const hostSchema = z.object({
  cpuModel: z.string(),
  cpuCount: z.int(),
  memoryBytes: z.int(),
  kernel: z.string(),
  /** null where it was not tried, as by releases before 0.3.0. */
  calibration: calibrationSchema.nullable().default(null),
});

/** A client library, and what the load generator does beside it or has it do: nobody gets the numbers without that. */
const clientSchema = z.object({ ...productSchema.shape, adds: z.array(z.string()).default([]) });
export type Client = z.infer<typeof clientSchema>;

/** The clients that send and receive. */
export const clientsSchema = z.object({ producer: clientSchema, consumer: clientSchema });
export type Clients = z.infer<typeof clientsSchema>;

/** Whether a load was level: rate and latency no longer moved. */
const levelSchema = z.object({
  /** null where that cannot be told: by a generator without producers, or of too short a time. */
  level: z.boolean().nullable().default(null),
  /** Where it was still going: to `better`, faster, or to `worse`; null for neither. */
  moving: z.enum(['better', 'worse']).nullable().default(null),
  /** Why it was not level, in words; null where it was, or that cannot be told. */
  reason: z.string().nullable().default(null),
});
export type Level = z.infer<typeof levelSchema>;

/** What a load generator answers once its session is open and warm. */
export const openedSessionSchema = z.object({
  warmup: z.object({
    /** Messages that the product acknowledged. */
    acknowledged: count,
    refusals: z.array(refusalSchema).default([]),
    /** How long it lasted; null from releases before 0.3.0, which did not say. */
    seconds: z.number().nullable().default(null),
    ...levelSchema.shape,
  }),
  environment: z.object({
    host: hostSchema,
    /** Version of Node. */
    node: z.string(),
    product: productSchema.nullable(),
    clients: clientsSchema,
  }),
});
export type OpenSessionOutput = z.infer<typeof openedSessionSchema>;

/** The partitions that each of a generator's consumers last reported, of how many; null where there was no report. */
export const assignmentsSchema = z.object({
  partitions: z.array(z.array(z.int().min(0)).nullable()),
  total: z.int().nullable(),
});
export type Assignments = z.infer<typeof assignmentsSchema>;
