import { z } from 'zod';
import { acceptedExperimentSchema, comparisonSchema } from './experiment.ts';
import { measurementSchema } from './metrics.ts';
import {
  experimentProgressSchema,
  failureSchema,
  liveStatsSchema,
  outcomeSchema,
  phaseSchema,
  variantStateSchema,
} from './progress.ts';
import { resultSchema, verdictSchema } from './result.ts';

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
  spec: acceptedExperimentSchema,
  /** Whether a result document was written for this run. */
  hasResult: z.boolean(),
});
export type ExperimentRecord = z.infer<typeof experimentRecordSchema>;

/** What can be done with it, and where more is; null where there is none yet. */
export const experimentLinksSchema = z.object({
  self: z.string(),
  result: z.string().nullable(),
  timeseries: z.string().nullable(),
  log: z.string().nullable(),
  events: z.string(),
  temporal: z.string().nullable(),
  comparison: z.string().nullable(),
});

/** Answer of `GET /api/experiments/{id}`. */
export const experimentDetailSchema = z.object({
  ...experimentRecordSchema.omit({ hasResult: true }).shape,
  /** Rates of the last second while the load runs, else null. */
  progress: liveStatsSchema.nullable(),
  links: experimentLinksSchema,
});
export type ExperimentDetail = z.infer<typeof experimentDetailSchema>;

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
  cancelRequestedAt: instant.nullable(),
  variants: z.array(variantStateSchema),
  failure: failureSchema.nullable(),
  spec: comparisonSchema,
});
export type ComparisonRecord = z.infer<typeof comparisonRecordSchema>;

/** One variant's column of a report. */
export const reportColumnSchema = z.object({
  experimentId: z.string(),
  name: z.string(),
  technology: z.string(),
  target: z.string(),
  emulated: z.boolean(),
  partial: z.boolean(),
  outcome: outcomeSchema.nullable(),
  measurement: measurementSchema.nullable(),
  loadGenerator: resultSchema.shape.loadGenerator,
  ceiling: resultSchema.shape.ceiling,
  verdicts: z.array(verdictSchema),
  /** `met` when every requirement is met; null without requirements. */
  meetsRequirements: z.enum(['met', 'not-met', 'undecided']).nullable(),
  failure: failureSchema.nullable(),
});

/** Answer of the report calls. */
export const reportSchema = z.object({
  title: z.string(),
  comparisonId: z.string().nullable(),
  generatedAt: instant,
  columns: z.array(reportColumnSchema),
  /** What a reader must know before trusting the table: emulation, partial runs, limited generators. */
  notes: z.array(z.string()),
});
export type Report = z.infer<typeof reportSchema>;
