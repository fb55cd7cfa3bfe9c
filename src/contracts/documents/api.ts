import { z } from 'zod';
import { acceptedComparisonSchema } from '../input/comparison.ts';
import { acceptedExperimentSchema } from '../input/experiment.ts';
import { costSchema } from './cost.ts';
import { guaranteeSchema } from './guarantee.ts';
import { clientsSchema, hostSchema } from './load-parts.ts';
import { measurementSchema } from './metrics.ts';
import { inventoryItemSchema } from './orphans.ts';
import {
  callerSchema,
  experimentProgressSchema,
  failureSchema,
  liveStatsSchema,
  operatorSchema,
  outcomeSchema,
  phaseSchema,
  queueSchema,
  terraformProgressSchema,
  timelineEntrySchema,
  variantStateSchema,
  waitSchema,
} from './progress.ts';
import { metricDifferenceSchema } from './report/differences.ts';
import { resultSchema, verdictSchema } from './result.ts';
import { asStored } from './stored.ts';

const instant = z.iso.datetime();

/** An experiment in lists, and in the index in S3. */
export const experimentSummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  technology: z.string(),
  target: z.string(),
  emulated: z.boolean(),
  comparisonId: z.string().nullable(),
  phase: phaseSchema,
  outcome: outcomeSchema.nullable(),
  submittedAt: instant,
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
});
export type ExperimentSummary = z.infer<typeof experimentSummarySchema>;

/** `experiments/<id>/experiment.json`: an experiment as last known, complete once it is closed. */
export const experimentRecordSchema = z.object({
  ...experimentSummarySchema.shape,
  ...experimentProgressSchema.shape,
  runId: z.string(),
  submittedBy: callerSchema,
  spec: asStored(acceptedExperimentSchema),
  /** Whether a result document was written for this run. */
  hasResult: z.boolean(),
});
export type ExperimentRecord = z.infer<typeof experimentRecordSchema>;

/** What can be done with it, and where more is; null where there is none yet. */
const experimentLinksSchema = z.object({
  self: z.string(),
  result: z.string().nullable(),
  timeseries: z.string().nullable(),
  log: z.string().nullable(),
  events: z.string(),
  temporal: z.string().nullable(),
  comparison: z.string().nullable(),
});

export type ExperimentLinks = z.infer<typeof experimentLinksSchema>;

const waitingShape = {
  /** What it waits for, other than time, and why; of several the one to look at first; null while all goes on. */
  waiting: waitSchema.nullable().default(null),
  /** All of them, the one to look at first being the first. */
  waits: z.array(waitSchema).default([]),
};

/** Answer of `GET /api/experiments/{id}`. */
export const experimentDetailSchema = z.object({
  ...experimentRecordSchema.omit({ hasResult: true }).shape,
  /** null where it was started by hand with an input that is no experiment. */
  spec: asStored(acceptedExperimentSchema).nullable(),
  /** Rates of the last second while the load runs, else null. */
  progress: liveStatsSchema.nullable(),
  /** What terraform makes or destroys now, resource by resource, else null. */
  terraform: terraformProgressSchema.nullable().default(null),
  ...waitingShape,
  links: experimentLinksSchema,
});
export type ExperimentDetail = z.infer<typeof experimentDetailSchema>;

/** Answer of `GET /api/experiments`. */
export const experimentPageSchema = z.object({
  items: z.array(experimentSummarySchema),
  /** Opaque; null on the last page. */
  nextCursor: z.string().nullable(),
});

/** A comparison in lists, and in the index in S3. */
export const comparisonSummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  outcome: outcomeSchema.nullable(),
  submittedAt: instant,
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
});
export type ComparisonSummary = z.infer<typeof comparisonSummarySchema>;

/** `comparisons/<id>/comparison.json`: a comparison as last known, complete once it is closed. */
export const comparisonRecordSchema = z.object({
  ...comparisonSummarySchema.shape,
  runId: z.string(),
  submittedBy: callerSchema,
  cancelRequestedAt: instant.nullable(),
  cancelRequestedBy: callerSchema,
  variants: z.array(variantStateSchema),
  failure: failureSchema.nullable(),
  spec: asStored(acceptedComparisonSchema),
});
export type ComparisonRecord = z.infer<typeof comparisonRecordSchema>;

const comparisonLinksSchema = z.object({
  self: z.string(),
  report: z.string(),
  events: z.string(),
  temporal: z.string().nullable(),
});
export type ComparisonLinks = z.infer<typeof comparisonLinksSchema>;

/** A variant of a comparison, with what its experiment does while it runs. */
const variantDetailSchema = z.object({
  ...variantStateSchema.shape,
  /** The rest is null unless the experiment is running. */
  phase: phaseSchema.nullable(),
  queuePosition: z.int().nullable(),
  timeline: z.array(timelineEntrySchema).nullable(),
  operator: operatorSchema.nullable(),
  progress: liveStatsSchema.nullable(),
  waiting: waitSchema.nullable().default(null),
  waits: z.array(waitSchema).nullable().default(null),
});

/** Answer of `GET /api/comparisons/{id}`. */
export const comparisonDetailSchema = z.object({
  ...comparisonRecordSchema.shape,
  variants: z.array(variantDetailSchema),
  /** null where it was started by hand with an input that is no comparison. */
  spec: asStored(acceptedComparisonSchema).nullable(),
  /** Of its own workflow, beside its experiments. */
  ...waitingShape,
  links: comparisonLinksSchema,
});
export type ComparisonDetail = z.infer<typeof comparisonDetailSchema>;

/** Answer of `GET /api/comparisons`. */
export const comparisonPageSchema = z.object({
  items: z.array(comparisonSummarySchema),
  nextCursor: z.string().nullable(),
});

/** Answer of `POST /api/experiments` and of a cancel or retry. */
export const acceptedSchema = z.object({ id: z.string(), links: experimentLinksSchema });
export const acceptedComparisonAnswerSchema = z.object({ id: z.string(), links: comparisonLinksSchema });

/** What it would take, for `?dryRun=true`. */
const expectedSchema = z.object({
  /** From submitted to closed, without waiting for others, in seconds; a rough guess for set-up and removal. */
  seconds: z.number(),
  costUsd: z.number().nullable(),
  /** Why the cost is what it is, in words. */
  costReason: z.string(),
  /** What to know before it is started, such as a load beyond the product's published ceiling; a sentence each. */
  warnings: z.array(z.string()),
  /** What its messages take on the machine's disk; of a comparison, the variant that takes most. Of a search, what is certain. */
  diskBytes: z.number(),
  /** The same where a search finds the highest rate that it may. */
  mostDiskBytes: z.number(),
  /** null where the machine is not known. */
  freeDiskBytes: z.number().nullable(),
  /** What servers reserve, messages in memory, and the account of each message. */
  memoryBytes: z.number(),
  machineMemoryBytes: z.number().nullable(),
  /** What it makes in an AWS account, by Terraform's addresses, each experiment or variant; left out where nothing is. */
  resources: z.array(z.object({ name: z.string(), addresses: z.array(z.string()) })).optional(),
});
export type Expected = z.infer<typeof expectedSchema>;
export const dryRunSchema = z.object({
  spec: acceptedExperimentSchema,
  expected: expectedSchema,
  /** What an acknowledgement guarantees under its settings. */
  guarantee: guaranteeSchema,
  /** What its configuration costs by list prices; null where only what it uses tells. */
  cost: costSchema.nullable(),
});
export type ExperimentDryRun = z.infer<typeof dryRunSchema>;
export const comparisonDryRunSchema = z.object({
  spec: acceptedComparisonSchema,
  expected: expectedSchema,
  /** Of each variant, in their order. */
  guarantees: z.array(z.object({ name: z.string(), guarantee: guaranteeSchema })),
  costs: z.array(z.object({ name: z.string(), cost: costSchema.nullable() })),
});
export type ComparisonDryRun = z.infer<typeof comparisonDryRunSchema>;

/** A technology as users see it. */
const technologyAnswerSchema = z.object({
  id: z.string(),
  label: z.string(),
  summary: z.string(),
  targets: z.record(
    z.string(),
    z.object({
      emulated: z.boolean(),
      note: z.string(),
      overheadSeconds: z.number(),
      /** Settings without which nothing can run there, and those that mean nothing there; none where left out. */
      needs: z.array(z.string()).optional(),
      lacks: z.array(z.string()).optional(),
    }),
  ),
  /** JSON Schema (2020-12) of `settings`. */
  settingsSchema: z.record(z.string(), z.unknown()),
  /** The published limit with the default settings, for messages of 1,024 B; null where none is published. */
  ceiling: z.object({ messagesPerSecond: z.number(), source: z.string() }).nullable(),
  ceilingInWords: z.string(),
  /** What an acknowledgement guarantees with the default settings. */
  guarantee: guaranteeSchema,
  /** By what costs are told: its own list, or that of machines to run it on. */
  prices: z.object({
    region: z.string(),
    asOf: z.string(),
    source: z.string(),
    items: z.record(z.string(), z.object({ usd: z.number(), unit: z.string() })),
  }),
});
export type TechnologyAnswer = z.infer<typeof technologyAnswerSchema>;
export const technologiesSchema = z.object({ items: z.array(technologyAnswerSchema) });

/** Answer of `GET /api/queue`. */
export const queuesSchema = z.object({ targets: z.array(queueSchema) });

/** Answer of `GET /api`: where everything else is. */
export const apiIndexSchema = z.object({
  links: z.object({
    experiments: z.string(),
    comparisons: z.string(),
    technologies: z.string(),
    queue: z.string(),
    waiting: z.string(),
    orphans: z.string(),
    documentation: z.string(),
    openapi: z.string(),
    /** The Temporal Web UI; null where it is not known. */
    temporal: z.string().nullable(),
  }),
});
export type ApiIndex = z.infer<typeof apiIndexSchema>;

/** An open workflow that does not go on at once by itself. */
const openWaitSchema = z.object({
  id: z.string(),
  /** Workflow type. */
  type: z.string(),
  name: z.string().nullable(),
  ...waitingShape,
  waiting: waitSchema,
});
export type OpenWait = z.infer<typeof openWaitSchema>;

/** Answer of `GET /api/waiting`. */
export const openWaitsSchema = z.object({ items: z.array(openWaitSchema) });

/** What is still there of an experiment whose workflow no longer runs. */
const orphanSchema = z.object({
  experimentId: z.string(),
  found: z.array(inventoryItemSchema),
  /** Why it could not be destroyed, and what a person can do. */
  reason: z.string(),
  /** When the reaper first found it. */
  since: instant,
  /** When the reaper looks next; null where that is not known, or only a person can help. */
  nextTryAt: instant.nullable(),
});
export type OrphanAnswer = z.infer<typeof orphanSchema>;

/** Answer of `GET /api/orphans`. */
export const orphansAnswerSchema = z.object({
  items: z.array(orphanSchema),
  /** When the reaper last looked; null before its first look. */
  checkedAt: instant.nullable(),
});
export type OrphansAnswer = z.infer<typeof orphansAnswerSchema>;

/** Answer of `GET /readyz`. */
export const readinessSchema = z.object({
  /** `degraded`: it serves, but the code of open workflows fails. */
  status: z.enum(['ready', 'degraded']),
  /** One sentence each; `ok` where nothing is wrong. */
  checks: z.object({ temporal: z.string(), storage: z.string(), workflows: z.string() }),
});
export type Readiness = z.infer<typeof readinessSchema>;

/** One variant's column of a report. */
const reportColumnSchema = z.object({
  experimentId: z.string(),
  name: z.string(),
  /** The name, with the end of its id where another column has the same name. */
  label: z.string(),
  technology: z.string(),
  target: z.string(),
  emulated: z.boolean(),
  partial: z.boolean(),
  outcome: outcomeSchema.nullable(),
  /** Load and machine in words; null where there is no result. */
  workload: z.string().nullable(),
  machine: z.string().nullable(),
  /** With its version. */
  productName: z.string().nullable(),
  clients: clientsSchema.nullable(),
  /** Of the comparator that measured it; null where that was not told, as by 0.3.0. */
  comparatorVersion: z.string().nullable().default(null),
  /** Those in which a column of its technology differs from the defaults. */
  settings: z.record(z.string(), z.unknown()),
  guarantee: resultSchema.shape.guarantee,
  measurement: measurementSchema.nullable(),
  loadGenerator: resultSchema.shape.loadGenerator,
  ceiling: resultSchema.shape.ceiling,
  capacity: resultSchema.shape.capacity,
  ladder: resultSchema.shape.ladder,
  /** Why messages were not acknowledged, the most frequent reason first. */
  refusals: resultSchema.shape.refusals,
  /** What the product used; null where its processes cannot be seen. */
  product: resultSchema.shape.product,
  /** Of several runs that of the one in the middle, or halfway between the two that are; null where it cannot be told. */
  cost: resultSchema.shape.cost.default(null),
  verdicts: z.array(verdictSchema),
  /** `met` when every requirement is met; null without requirements. */
  meetsRequirements: z.enum(['met', 'not-met', 'undecided']).nullable(),
  failure: failureSchema.nullable(),
  /** Its experiments; what the column says of several is told at `measurementOfRuns` and `verdictOfRuns`. */
  runs: z.array(
    z.object({
      experimentId: z.string(),
      repetition: z.int(),
      outcome: outcomeSchema.nullable(),
      partial: z.boolean(),
      limited: z.boolean().nullable(),
      /** What the machine made of fixed work before; null where it was not tried. */
      calibration: hostSchema.shape.calibration,
      steady: z.boolean().nullable().default(null),
      /** How long its warm-up lasted; null where there was none, or that was not told. */
      warmupSeconds: z.number().nullable().default(null),
      /** By path below `measurement`; null where it was not measured. */
      measured: z.record(z.string(), z.number().nullable()),
      /** What became of its messages; null where nothing was measured, and in reports of 0.3.0. */
      messages: measurementSchema.shape.messages.nullable().default(null),
      /** Of its own cost; null where that cannot be told, and in reports of 0.3.0. */
      usdPerMillionMessages: z.number().nullable().default(null),
    }),
  ),
});
export type ReportColumn = z.infer<typeof reportColumnSchema>;

/** In one word what a report comes to. */
const reportConclusions = ['met', 'not-met', 'undecided', 'not-measured'] as const;

/** Answer of the report calls. */
export const reportSchema = z.object({
  title: z.string(),
  comparisonId: z.string().nullable(),
  generatedAt: instant,
  /**
   * `not-met` as soon as one requirement of one variant is; `met` when all are; `not-measured` when none that is open
   * could be measured; else `undecided`. null without requirements.
   */
  conclusion: z.enum(reportConclusions).nullable(),
  /** Why the columns cannot simply be set side by side; empty where they can. */
  caveats: z.array(z.string()),
  /** Up to which load which variants carry it, in a sentence; null unless searches or ladders tell them apart. */
  choiceByLoad: z.string().nullable().default(null),
  /**
   * Which columns to choose, best first and several where nothing tells them apart, and why; no columns where none is shown
   * to meet all. null where there is nothing to choose by: of a single column, without requirements, and where these differ.
   */
  recommendation: z.object({ columns: z.array(z.int()), reasons: z.array(z.string()) }).nullable(),
  columns: z.array(reportColumnSchema),
  /** Of repeated variants, what each differs by from each. */
  differences: z.array(metricDifferenceSchema),
  /** The whole document that was run, defaults filled in, to run it again; null for a report of several experiments. */
  input: z.object({ kind: z.enum(['experiment', 'comparison']), document: z.unknown() }).nullable(),
  /** What a reader must know before trusting the table: emulation, partial runs, limited generators, what was not steady. */
  notes: z.array(z.string()),
});
export type Report = z.infer<typeof reportSchema>;
