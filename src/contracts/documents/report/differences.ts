import { z } from 'zod';

/**
 * An estimate, and the interval that holds the truth; without one of too few repetitions. Of enough repetitions, an end or
 * an estimate that is null is beyond any number: that of messages which never came.
 */
const rangeSchema = z.object({
  /** null without any repetition, too. */
  estimate: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});

/** What a variant differs by from another, in one metric, over the repetitions in which both measured it. */
const differenceSchema = z.object({
  /** Contender by baseline; null where one of them measured 0. */
  ratio: rangeSchema.nullable(),
  /** Contender less baseline, in the metric's unit. */
  difference: rangeSchema,
  /** `lower` or `higher`: the contender's values are; `none`: no difference can be told; `unknown`: too few repetitions. */
  finding: z.enum(['lower', 'higher', 'none', 'unknown']),
  /** Share of comparisons of equals in which one would be told all the same; null where none can be told. */
  falseAlarms: z.number().nullable(),
  /** A difference of this many percent could have been told, about as often as not; null where it cannot be said. */
  visiblePercent: z.number().nullable(),
  /** Repetitions more that would probably tell it; null where it is told, or no number up to 100 would. */
  moreRepetitions: z.int().nullable(),
  /** Repetitions in which both measured it. */
  blocks: z.int(),
});
export type Difference = z.infer<typeof differenceSchema>;

/** The same between two columns of a report. */
export const metricDifferenceSchema = z.object({
  /** Path below `measurement`. */
  metric: z.string(),
  /** Index of a column; the first, unless another was asked for. */
  baseline: z.int(),
  contender: z.int(),
  ...differenceSchema.shape,
});
export type MetricDifference = z.infer<typeof metricDifferenceSchema>;
