import { z } from 'zod';
import { acceptedExperimentSchema } from '../input/experiment.ts';
import { costSchema } from './cost.ts';
import { guaranteeSchema } from './guarantee.ts';
import {
  clientsSchema,
  hostSchema,
  productUseSchema,
  refusalSchema,
  threadUsageSchema,
} from './load-parts.ts';
import { measurementSchema } from './metrics.ts';
import { productSchema } from './product.ts';
import { failureSchema, probeSchema, timelineEntrySchema } from './progress.ts';
import { asStored } from './stored.ts';

export const verdictSchema = z.object({
  metric: z.string(),
  atMost: z.number().optional(),
  atLeast: z.number().optional(),
  /** Of several runs their median, or of a count the worst. */
  measured: z.number().nullable(),
  /** Of several runs, the interval that holds their median 15 times in 16; null where it has no end. */
  low: z.number().nullable().optional(),
  high: z.number().nullable().optional(),
  runs: z.int().optional(),
  verdict: z.enum(['met', 'not-met', 'undecided', 'not-measured']),
  reason: z.string(),
});
export type Verdict = z.infer<typeof verdictSchema>;

const capacitySchema = z.object({
  /** The highest rate that was sustained, also for the measured time; null where not even the lowest rate tried was. */
  sustainableMessagesPerSecond: z.number().nullable(),
  /** In the order in which they were tried. */
  probes: z.array(probeSchema),
});
export type Capacity = z.infer<typeof capacitySchema>;

/** A rate of a ladder, and what came of it over the measured time; null where nothing was measured. */
const ladderRungSchema = z.object({
  messagesPerSecond: z.number(),
  sustained: z.boolean(),
  /** In words: `sustained`, or why it was not. */
  reason: z.string(),
  /** Whether the load generator was the bottleneck; before 0.3.0 that was not told. */
  limited: z.boolean().nullable().default(null),
  latency: measurementSchema.shape.latency.nullable(),
  throughput: measurementSchema.shape.throughput.nullable(),
  steady: measurementSchema.shape.steady,
  steadyReason: measurementSchema.shape.steadyReason,
});
export type LadderRung = z.infer<typeof ladderRungSchema>;

/** The result document of one run of an experiment (src/contracts/README.md, "Result document"). */
export const resultSchema = z.object({
  schemaVersion: z.literal(1),
  experimentId: z.string(),
  runId: z.string(),
  name: z.string(),
  technology: z.string(),
  target: z.string(),
  emulated: z.boolean(),
  /** Whether the measurement was cut short. */
  partial: z.boolean(),
  /** How often the load phase was started over because a participant was lost. */
  restarts: z.int(),
  spec: asStored(acceptedExperimentSchema),
  environment: z.object({
    host: hostSchema.nullable(),
    /** Version of Node that ran the load generator. */
    node: z.string().nullable(),
    product: productSchema.nullable(),
    clients: clientsSchema.nullable(),
    terraform: z.object({ version: z.string(), providers: z.record(z.string(), z.string()) }).nullable(),
    /** Version of the comparator that assembled it; null from releases that did not say. */
    comparator: z.string().nullable().default(null),
  }),
  timeline: z.array(timelineEntrySchema),
  /** What an acknowledgement guarantees under the settings; null in documents from before 0.3.0. */
  guarantee: guaranteeSchema.nullable().default(null),
  /** What the warm-up put into the product before the measurement; null where none ran. */
  warmup: z
    .object({
      acknowledged: z.int(),
      refusals: z.array(refusalSchema).default([]),
      /** How long it lasted, at the load generator where that was longest; null where that was not told. */
      seconds: z.number().nullable().default(null),
    })
    .nullable(),
  measurement: measurementSchema.nullable(),
  /** Why messages of the measurement were not acknowledged, the most frequent reason first. */
  refusals: z.array(refusalSchema).default([]),
  loadGenerator: z
    .object({
      /** Cores that all threads of the busiest generator used together. */
      cpuUtilization: z.number().nullable(),
      eventLoopDelayP99Ms: z.number().nullable(),
      /** How late messages were sent, for whatever reason. */
      lateSendP50Ms: z.number().nullable().default(null),
      lateSendP99Ms: z.number().nullable(),
      /** How late for want of the generator's own time. It is part of the latencies that count from the intended time. */
      ownLateSendP50Ms: z.number().nullable().default(null),
      ownLateSendP99Ms: z.number().nullable().default(null),
      /** Share of all cores of the machine that were busy, from 0 to 1, with what a hypervisor took away. */
      hostCpuUtilization: z.number().nullable().default(null),
      hostStealUtilization: z.number().nullable().default(null),
      /** Cores that neither the load generators nor the product used; null where the product cannot be seen. */
      otherCpuUtilization: z.number().nullable().default(null),
      /** By how much the schedule was put off, until everybody was ready for it; it is in no latency. */
      startLateMs: z.number().nullable().default(null),
      /** Messages of the round before that had not arrived when it was ended: acknowledged ones, and those that a client still held. */
      undrainedBefore: z.int().nullable().default(null),
      limited: z.boolean().nullable(),
      evidence: z.array(z.string()),
      threads: z.array(threadUsageSchema).default([]),
    })
    .nullable(),
  /** What else took processor time of the machine while it was measured, a sentence each; left out where nothing did. */
  disturbances: z.array(z.string()).optional(),
  /** What the product used; null where its processes cannot be seen, and in documents from before 0.3.0. */
  product: z
    .object({ ...productUseSchema.shape, messagesPerCpuSecond: z.number().nullable() })
    .nullable()
    .default(null),
  ceiling: z.object({ messagesPerSecond: z.number(), source: z.string(), exceeded: z.boolean() }).nullable(),
  capacity: capacitySchema.nullable(),
  /** In the order in which they were loaded; null for other loads. */
  ladder: z.array(ladderRungSchema).nullable().default(null),
  verdicts: z.array(verdictSchema),
  /** null where it cannot be told, and in documents from before 0.3.0. */
  cost: costSchema.nullable(),
  failure: failureSchema.nullable(),
});
export type Result = z.infer<typeof resultSchema>;
