import { z } from 'zod';
import { secondLatenciesSchema } from './metrics.ts';
import { phases } from './phases.ts';

export const phaseSchema = z.enum(phases);
export type Phase = z.infer<typeof phaseSchema>;

export const outcomes = ['completed', 'failed', 'cancelled'] as const;
export const outcomeSchema = z.enum(outcomes);
export type Outcome = z.infer<typeof outcomeSchema>;

const instant = z.iso.datetime();

/**
 * Name of the API key by which it was asked for; null where no key was asked for, or it came by Temporal. What releases
 * before 0.4.0 wrote does not say.
 */
export const callerSchema = z.string().nullish();

export const timelineEntrySchema = z.object({
  phase: phaseSchema,
  startedAt: instant,
  endedAt: instant.nullable(),
});
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

const diagnosticSchema = z.object({
  severity: z.enum(['error', 'warning']),
  summary: z.string(),
  detail: z.string().default(''),
  /** Terraform's address of the resource, where there is one. */
  address: z.string().nullable().default(null),
});
export type Diagnostic = z.infer<typeof diagnosticSchema>;

export const failureSchema = z.object({
  /** Stable, for programs: one of `failureCodes`, or what another version knows. */
  code: z.string(),
  phase: phaseSchema,
  message: z.string(),
  diagnostics: z.array(diagnosticSchema).default([]),
});
export type Failure = z.infer<typeof failureSchema>;

/** Something that does not go on at once by itself, and why. */
export const waitSchema = z.object({
  /** What it waits for, or which step waits, in words. */
  for: z.string(),
  /** Why it waits, or what went wrong last, in words. */
  reason: z.string(),
  since: instant,
  /**
   * `slot`: for its turn; `operator`: for a person; `worker`: nobody takes up its work; `activity`: a step has failed and
   * is tried again; `workflow-task`: the code of its workflow fails; `paused`: a person has paused it.
   */
  kind: z.enum(['slot', 'operator', 'worker', 'activity', 'workflow-task', 'paused']),
  /** Number of the present try, from 1. */
  attempt: z.int(),
  nextAttemptAt: instant.nullable(),
  /** What a person can do; null where there is nothing to do. */
  hint: z.string().nullable(),
});
export type Wait = z.infer<typeof waitSchema>;

export const operatorSchema = z.object({
  reason: z.string(),
  /** What a person can do, most promising first. */
  actions: z.array(z.string()),
  attempts: z.int(),
  nextRetryAt: instant.nullable(),
});
export type OperatorNotice = z.infer<typeof operatorSchema>;

/** A rate that a capacity search tried. */
export const probeSchema = z.object({
  messagesPerSecond: z.number(),
  seconds: z.number(),
  sustained: z.boolean(),
  /** Whether it was tried for the whole measured time, after the search had found it. */
  hold: z.boolean(),
  /** In words: `sustained`, or why it was not. */
  reason: z.string(),
  producedMessagesPerSecond: z.number().nullable(),
  consumedMessagesPerSecond: z.number().nullable(),
  /** Of what was due and had not arrived, in messages/s; below 0 where it shrank. */
  backlogGrowthPerSecond: z.number().nullable(),
  endToEndP99Ms: z.number().nullable(),
  /** Whether the load generator was the bottleneck. */
  limited: z.boolean().nullable(),
  /** Whether it is a rung of a ladder, measured for the whole time. */
  rung: z.boolean().optional(),
  /** Number of the session that tried it: each begins on a cold product. 0.2.0 did not say. */
  session: z.int().optional(),
});
export type Probe = z.infer<typeof probeSchema>;

/** Rates of the last second; heartbeat of the load activities. */
export const liveStatsSchema = z.object({
  atEpochMs: z.number(),
  /** Number of the probe of a capacity search, from 1; null for the measurement itself. */
  probe: z.int().nullable(),
  /** The rate asked for now. */
  intendedPerSecond: z.number(),
  secondsElapsed: z.number(),
  secondsTotal: z.number(),
  producedPerSecond: z.number(),
  consumedPerSecond: z.number(),
  acknowledged: z.int(),
  received: z.int(),
  /** Acknowledged and not yet received. */
  backlog: z.int(),
  failed: z.int(),
  ...secondLatenciesSchema.shape,
  /** How late the load generator itself sent, p99 of the last second; null where nothing was sent. */
  ownLatenessP99Ms: z.number().nullable().default(null),
});
export type LiveStats = z.infer<typeof liveStatsSchema>;

/** What a terraform is about now: the heartbeat of the activity that waits for it. */
export const terraformProgressSchema = z.object({
  /** Of its commands, such as `init` and `apply`. */
  command: z.string().nullable(),
  /** What it plans to change, in the order in which it said so; at most 100. */
  resources: z.array(
    z.object({
      address: z.string(),
      state: z.enum(['planned', 'working', 'done', 'failed']),
      startedAt: instant.nullable(),
      endedAt: instant.nullable(),
    }),
  ),
});
export type TerraformProgress = z.infer<typeof terraformProgressSchema>;

/** Answer of an experiment workflow's `progress` query. */
export const experimentProgressSchema = z.object({
  phase: phaseSchema,
  outcome: outcomeSchema.nullable(),
  queuePosition: z.int().nullable(),
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  cancelRequestedAt: instant.nullable(),
  cancelRequestedBy: callerSchema,
  timeline: z.array(timelineEntrySchema),
  restarts: z.int(),
  /** What a capacity search has tried so far. */
  probes: z.array(probeSchema).default([]),
  failure: failureSchema.nullable(),
  operator: operatorSchema.nullable(),
  /** Until when it stays for people to look inside; null, or left out, while it is not kept. */
  keptUntil: instant.nullish(),
  /** Key of the result document, null until there is one; 0.1.0 did not say it. */
  resultKey: z.string().nullish(),
});
export type ExperimentProgress = z.infer<typeof experimentProgressSchema>;

/** Answer of the `extend` update of an experiment. */
export const keptSchema = z.object({ keptUntil: instant });

/** Of an experiment of which no more is known than that it is there. */
export const unknownExperimentProgress: ExperimentProgress = {
  phase: 'queued',
  outcome: null,
  queuePosition: null,
  startedAt: null,
  endedAt: null,
  cancelRequestedAt: null,
  timeline: [],
  restarts: 0,
  probes: [],
  failure: null,
  operator: null,
};

/** An experiment of a comparison. */
export const variantStateSchema = z.object({
  /** Of its variant. */
  name: z.string(),
  experimentId: z.string(),
  /** Index of its variant in the spec; 0.2.0, which ran each once and in order, did not say. */
  variant: z.int().optional(),
  /** From 1. */
  repetition: z.int().default(1),
  /** `waiting` until its experiment has been started; one that needs an operator keeps no other from running. */
  state: z.enum(['waiting', 'running', 'needs-operator', 'completed', 'failed', 'cancelled']),
});
export type VariantState = z.infer<typeof variantStateSchema>;

/** Answer of a comparison workflow's `progress` query. */
export const comparisonProgressSchema = z.object({
  outcome: outcomeSchema.nullable(),
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  cancelRequestedAt: instant.nullable(),
  cancelRequestedBy: callerSchema,
  /** Its experiments, in the order in which they run. */
  variants: z.array(variantStateSchema),
  failure: failureSchema.nullable(),
});
export type ComparisonProgress = z.infer<typeof comparisonProgressSchema>;

/** Of a comparison of which no more is known than that it is there. */
export const unknownComparisonProgress: ComparisonProgress = {
  outcome: null,
  startedAt: null,
  endedAt: null,
  cancelRequestedAt: null,
  variants: [],
  failure: null,
};

/** Answer of the run queue's `queue` query. */
export const queueSchema = z.object({
  target: z.string(),
  capacity: z.int(),
  running: z.array(
    z.object({
      experimentId: z.string(),
      since: instant,
      /** Where it is kept, until when: the API says it, the queue itself does not know. */
      keptUntil: instant.optional(),
    }),
  ),
  waiting: z.array(z.object({ experimentId: z.string(), since: instant })),
});
export type QueueState = z.infer<typeof queueSchema>;

/** Answer of the run queue's `ticket` query. */
export const ticketSchema = z.object({
  /** 0 holds a slot, 1 is next; null where the experiment has none and wants none. */
  position: z.int().nullable(),
  /** The run that asked. */
  runId: z.string().nullable(),
  /** How many wait in all. */
  waiting: z.int(),
});
export type TicketAnswer = z.infer<typeof ticketSchema>;
