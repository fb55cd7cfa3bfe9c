import { z } from 'zod';
import { technologyCard, technologyIds } from '../technologies/registry.ts';
import { metricPaths } from './metrics.ts';

/** A message must hold the generator's own header: session, producer, sequence and intended send time. */
export const minMessageSizeBytes = 32;

const loadSchema = z.discriminatedUnion(
  'shape',
  [
    z.strictObject({
      shape: z.literal('constant'),
      messagesPerSecond: z
        .number()
        .positive()
        .max(10_000_000)
        .describe('The total over all producers, in messages per second'),
    }),
  ],
  { error: 'must be an object with shape: constant' },
);

const keysSchema = z.discriminatedUnion(
  'distribution',
  [
    z.strictObject({ distribution: z.literal('none') }),
    z.strictObject({
      distribution: z.literal('uniform'),
      cardinality: z.int().min(1).max(10_000_000).describe('How many different keys'),
    }),
  ],
  { error: 'must be an object with distribution: none or uniform' },
);

export const workloadSchema = z.strictObject({
  messageSizeBytes: z
    .int()
    .min(minMessageSizeBytes)
    .max(1024 * 1024)
    .default(1_024)
    .describe('Size of a message, in bytes'),
  load: loadSchema,
  producers: z.int().min(1).max(64).default(1).describe('Producer clients, sharing the load evenly'),
  consumers: z.int().min(1).max(64).default(1).describe('Consumer clients of one group'),
  keys: keysSchema.default({ distribution: 'none' }).describe('Message keys'),
  warmupSeconds: z.number().min(0).max(600).default(5).describe('Load before the measurement, not counted'),
  durationSeconds: z.number().min(1).max(86_400).default(20).describe('Measured time, in seconds'),
  drainTimeoutSeconds: z
    .number()
    .min(1)
    .max(600)
    .default(30)
    .describe('Longest wait for messages still under way after the last was sent, in seconds'),
});
export type Workload = z.infer<typeof workloadSchema>;

const metric = z.enum(metricPaths as [string, ...string[]], {
  error: (issue) => `unknown metric ${JSON.stringify(issue.input)}; known metrics: ${metricPaths.join(', ')}`,
});

export const requirementSchema = z.union([
  z.strictObject({ metric, atMost: z.number() }),
  z.strictObject({ metric, atLeast: z.number() }),
]);
export type Requirement = z.infer<typeof requirementSchema>;

const name = z.string().trim().min(1).max(200);
const technology = z.enum(technologyIds);
const target = z.enum(['local']);

const subjectShape = {
  technology,
  target: target.default('local'),
  settings: z.record(z.string(), z.unknown()).default({}),
};

const requirements = z.array(requirementSchema).max(100).default([]);

interface Subject {
  technology: z.infer<typeof technology>;
  target: z.infer<typeof target>;
  settings: Record<string, unknown>;
}

/** Fills in and checks the settings by the technology's own schema, with paths below `settings`. */
function parseSettings<T extends Subject>(subject: T, context: z.RefinementCtx): T {
  const card = technologyCard(subject.technology);
  if (!card.targets[subject.target]) {
    context.addIssue({
      code: 'custom',
      path: ['target'],
      message: `${card.label} cannot run on ${subject.target}; choose one of: ${Object.keys(card.targets).join(', ')}`,
    });
    return z.NEVER;
  }
  const parsed = card.settings.safeParse(subject.settings);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      context.addIssue({ ...issue, path: ['settings', ...issue.path] } as Parameters<
        typeof context.addIssue
      >[0]);
    }
    return z.NEVER;
  }
  for (const problem of card.settingsProblems(parsed.data, subject.target)) {
    context.addIssue({ code: 'custom', path: ['settings', problem.setting], message: problem.message });
  }
  return { ...subject, settings: parsed.data as Record<string, unknown> };
}

const experimentObject = z.strictObject({
  name,
  ...subjectShape,
  workload: workloadSchema,
  requirements,
});

/** An experiment as a user writes it; parsing fills in every default. */
export const experimentSchema = experimentObject.transform(parseSettings);
/** An experiment with every default filled in. */
export type ExperimentSpec = z.infer<typeof experimentObject>;

const variantObject = z.strictObject({ name, ...subjectShape });

/** Several variants under one load, one after another. */
export const comparisonSchema = z.strictObject({
  name,
  workload: workloadSchema,
  requirements,
  variants: z
    .array(variantObject.transform(parseSettings))
    .min(1)
    .max(50)
    .superRefine((variants, context) => {
      const seen = new Map<string, number>();
      variants.forEach((variant, index) => {
        const first = seen.get(variant.name);
        if (first !== undefined) {
          context.addIssue({
            code: 'custom',
            path: [index, 'name'],
            message: `is also the name of variant ${first + 1}; give each variant a name of its own`,
          });
        }
        seen.set(variant.name, index);
      });
    }),
});
export type ComparisonSpec = z.infer<typeof comparisonSchema>;

/** The experiment of one variant of a comparison. */
export function variantExperiment(comparison: ComparisonSpec, index: number): ExperimentSpec {
  const variant = comparison.variants[index];
  if (!variant) throw new RangeError(`comparison has no variant ${index}`);
  return { ...variant, workload: comparison.workload, requirements: comparison.requirements };
}

/** Shape of a stored spec, whose settings were checked when it was accepted. */
export const acceptedExperimentSchema = experimentObject;
