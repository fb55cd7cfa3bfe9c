import { z } from 'zod';
import { suggestion } from './explain-issue.ts';
import { metricPaths, partitionMetric } from './metric.ts';

const isMetric = (path: string) => metricPaths.includes(path) || partitionMetric.test(path);

const refusal = ({ input }: { input?: unknown }) =>
  input === undefined
    ? 'is required, such as latency.endToEnd.p99Ms'
    : `must be a metric, such as latency.endToEnd.p99Ms or messages.lost${suggestion(input, metricPaths)}`;

const metric = z
  .string({ error: refusal })
  .refine(isMetric, { error: refusal })
  .meta({ anyOf: [{ enum: metricPaths }, { pattern: partitionMetric.source }] });

const requirementSchema = z.union([
  z.strictObject({ metric, atMost: z.number().describe('Highest value that meets it') }),
  z.strictObject({ metric, atLeast: z.number().describe('Lowest value that meets it') }),
]);
export type Requirement = z.infer<typeof requirementSchema>;

export const requirementsSchema = z
  .array(requirementSchema)
  .max(100)
  .default([])
  .describe('Bounds on metrics; each gets a verdict');
