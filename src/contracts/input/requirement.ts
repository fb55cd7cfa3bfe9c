import { z } from 'zod';
import { suggestion } from './explain-issue.ts';
import { metricPaths } from './metric.ts';

const metric = z.enum(metricPaths as [string, ...string[]], {
  error: (issue) =>
    issue.input === undefined
      ? 'is required, such as latency.endToEnd.p99Ms'
      : `must be a metric, such as latency.endToEnd.p99Ms or messages.lost${suggestion(issue.input, metricPaths)}`,
});

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
