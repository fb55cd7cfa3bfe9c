import { z } from 'zod';
import { technologyCard, technologyIds } from '../../technologies/registry.ts';
import { metricPaths } from '../documents/metrics.ts';
import type { RateStep } from '../temporal/loadgen-activities.ts';
import { explainIssue, suggestion } from './explain-issue.ts';

/** A message must hold the generator's own header: session, producer, sequence and intended send time. */
export const minMessageSizeBytes = 32;

/**
 * What a header comes to in a compressed batch: of its 32 bytes only the sequence and the time differ from one message
 * to the next. Measured: 5 bytes with zstd, 10 with gzip, 20 with lz4.
 */
export const compressedHeaderBytes = 14;
const maxMessagesPerSecond = 10_000_000;
const rate = z.number().positive().max(maxMessagesPerSecond);

const loadSchema = z.discriminatedUnion('shape', [
  z.strictObject({
    shape: z.literal('constant'),
    messagesPerSecond: rate.describe('The total over all producers, in messages per second'),
  }),
  z.strictObject({
    shape: z.literal('steps'),
    steps: z
      .array(
        z.strictObject({
          messagesPerSecond: z
            .number()
            .min(0)
            .max(maxMessagesPerSecond)
            .describe('The total over all producers; 0 for a pause'),
          seconds: z.number().min(0.1).max(86_400).describe('How long the step lasts, in seconds'),
        }),
      )
      .min(1)
      .max(1_000)
      .describe('Rates one after another; together they are the measured time'),
  }),
  z.strictObject({
    shape: z.literal('capacity-search'),
    startMessagesPerSecond: rate.default(1_000).describe('Rate of the warm-up and of the first probe'),
    maxMessagesPerSecond: rate.default(1_000_000).describe('Highest rate to try'),
    probeSeconds: z.number().min(2).max(600).default(10).describe('How long each rate is tried, in seconds'),
    resolutionPercent: z
      .number()
      .min(0.5)
      .max(50)
      .default(5)
      .describe('How close the highest rate that was sustained and the lowest that was not must come'),
  }),
]);
export type Load = z.infer<typeof loadSchema>;

const cardinality = z.int().min(1).max(10_000_000).describe('How many different keys');

const keysSchema = z.discriminatedUnion('distribution', [
  z.strictObject({ distribution: z.literal('none') }),
  z.strictObject({
    distribution: z.literal('uniform'),
    cardinality,
  }),
  z.strictObject({
    distribution: z
      .literal('zipf')
      .describe('Few keys are frequent and many are rare, as with users or products'),
    cardinality,
    exponent: z
      .number()
      .min(0.01)
      .max(10)
      .default(0.99)
      .describe('The k-th most frequent key comes with a probability proportional to k^-exponent'),
  }),
]);

const payloadSchema = z.discriminatedUnion('content', [
  z.strictObject({ content: z.literal('random').describe('Random bytes, which do not compress') }),
  z.strictObject({
    content: z.literal('compressible').describe('Random bytes and zeros, in proportion to the ratio'),
    compressionRatio: z
      .number()
      .min(1)
      .max(50)
      .default(4)
      .describe(
        'How many times smaller a batch of messages is once compressed: with gzip, lz4 and zstd to within 8% and ' +
          '10 bytes a message; snappy reaches less, and 15 at most',
      ),
  }),
]);

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
  generators: z
    .int()
    .min(1)
    .max(16)
    .default(1)
    .describe('Load generator processes that the producers and consumers are spread over'),
  keys: keysSchema.default({ distribution: 'none' }).describe('Message keys'),
  payload: payloadSchema.default({ content: 'random' }).describe('What messages hold beyond their header'),
  warmupSeconds: z.number().min(0).max(600).default(5).describe('Load before the measurement, not counted'),
  durationSeconds: z
    .number()
    .min(1)
    .max(86_400)
    .default(20)
    .describe(
      'Measured time, in seconds; with steps, their sum; with a capacity search, at the rate that it found',
    ),
  drainTimeoutSeconds: z
    .number()
    .min(1)
    .max(600)
    .default(30)
    .describe('Longest wait for messages still under way after the last was sent, in seconds'),
});
export type Workload = z.infer<typeof workloadSchema>;

const metric = z.enum(metricPaths as [string, ...string[]], {
  error: (issue) =>
    `must be a metric, such as latency.endToEnd.p99Ms or messages.lost${suggestion(issue.input, metricPaths)}`,
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

/** What the settings depend on, whatever else is in the document; a wrong target is reported elsewhere. */
const subjectSchema = z.object({ ...subjectShape, target: subjectShape.target.nullable().catch(null) });

const requirements = z.array(requirementSchema).max(100).default([]);

const experimentObject = z.strictObject({ name, ...subjectShape, workload: workloadSchema, requirements });
const variantObject = z.strictObject({ name, ...subjectShape });

/**
 * A schema that applies `schema` and a further check to the same input, so that one answer names every fault. (zod's own
 * refinements and transforms are skipped once a field is wrong.) What the check is handed is not to be trusted.
 */
function checkedTogether<Schema extends z.ZodType>(
  schema: Schema,
  check: (input: unknown, context: z.RefinementCtx) => void,
  complete: (value: z.output<Schema>) => z.output<Schema>,
) {
  return z.unknown().transform((input, context): z.output<Schema> => {
    const parsed = schema.safeParse(input, { error: explainIssue });
    if (!parsed.success) addIssues(context, parsed.error);
    check(input, context);
    return parsed.success && context.issues.length === 0 ? complete(parsed.data) : z.NEVER;
  });
}

function addIssues(context: z.RefinementCtx, error: z.ZodError, below: PropertyKey[] = []): void {
  for (const issue of error.issues) {
    context.addIssue({ ...issue, path: [...below, ...issue.path] } as Parameters<typeof context.addIssue>[0]);
  }
}

/** Checks the settings by the technology's own schema, with paths below `settings`. */
function checkSettings(input: unknown, context: z.RefinementCtx): void {
  const subject = subjectSchema.safeParse(input);
  if (!subject.success) return;
  const { technology, target, settings } = subject.data;
  const card = technologyCard(technology);
  if (target !== null && !card.targets[target]) {
    context.addIssue({
      code: 'custom',
      path: ['target'],
      message: `${card.label} cannot run on ${target}; choose one of: ${Object.keys(card.targets).join(', ')}`,
    });
    return;
  }
  const parsed = card.settings.safeParse(settings, { error: explainIssue });
  if (!parsed.success) {
    addIssues(context, parsed.error, ['settings']);
    return;
  }
  for (const problem of target === null ? [] : card.settingsProblems(parsed.data, target)) {
    context.addIssue({ code: 'custom', path: ['settings', problem.setting], message: problem.message });
  }
}

/** Fills in the defaults of settings that were checked. */
function fillSettings<T extends Pick<z.infer<typeof subjectSchema>, 'technology' | 'settings'>>(
  subject: T,
): T {
  const settings = technologyCard(subject.technology).settings.parse(subject.settings);
  return { ...subject, settings: settings as Record<string, unknown> };
}

/** Each load generator must have something to do. */
function checkGenerators(workload: unknown, context: z.RefinementCtx): void {
  const clients = clientsSchema.safeParse(workload).data;
  if (!clients) return;
  const most = Math.max(clients.producers, clients.consumers);
  if (clients.generators <= most) return;
  context.addIssue({
    code: 'custom',
    path: ['workload', 'generators'],
    message: `must be at most ${most}, the greater of producers and consumers: each load generator runs one or more`,
  });
}

const clientsSchema = workloadSchema.pick({ producers: true, consumers: true, generators: true }).loose();

/** Small messages are mostly header, which does not compress as asked. */
function checkPayload(workload: unknown, context: z.RefinementCtx): void {
  const compressed = compressedMessageSchema.safeParse(workload).data;
  if (!compressed) return;
  const { messageSizeBytes, payload } = compressed;
  const most = Math.floor(messageSizeBytes / compressedHeaderBytes);
  if (payload.compressionRatio <= most) return;
  context.addIssue({
    code: 'custom',
    path: ['workload', 'payload', 'compressionRatio'],
    message: `must be at most ${most} for messages of ${messageSizeBytes} bytes, since their headers hardly compress`,
  });
}

const compressedMessageSchema = z.object({
  messageSizeBytes: workloadSchema.shape.messageSizeBytes,
  payload: payloadSchema.options[1],
});

/** Checks what no single field can: whether the parts of a workload fit together. */
function checkWorkload(input: unknown, context: z.RefinementCtx): void {
  const { workload } = z.object({ workload: z.unknown() }).safeParse(input).data ?? {};
  checkGenerators(workload, context);
  checkPayload(workload, context);
  const given = z
    .object({ workload: z.object({ load: loadSchema, durationSeconds: z.number().optional() }) })
    .safeParse(input);
  if (!given.success) return;
  const { load, durationSeconds } = given.data.workload;
  const fault = (path: string[], message: string) =>
    context.addIssue({ code: 'custom', path: ['workload', ...path], message });
  if (load.shape === 'steps') {
    const seconds = stepsSeconds(load);
    if (durationSeconds !== undefined && durationSeconds !== seconds) {
      fault(
        ['durationSeconds'],
        `is what the steps last together, ${seconds} s; leave it out, or change the steps`,
      );
    }
    if (load.steps.every(({ messagesPerSecond }) => messagesPerSecond === 0)) {
      fault(['load', 'steps'], 'must have a step with a rate above 0');
    }
    if (seconds < 1 || seconds > 86_400) {
      fault(['load', 'steps'], `must last 1 to 86400 s together, not ${seconds} s`);
    }
  }
  if (load.shape === 'capacity-search' && load.maxMessagesPerSecond < load.startMessagesPerSecond) {
    fault(
      ['load', 'maxMessagesPerSecond'],
      `must be at least startMessagesPerSecond (${load.startMessagesPerSecond})`,
    );
  }
}

function stepsSeconds({ steps }: Extract<Load, { shape: 'steps' }>): number {
  // Without the noise of adding decimal fractions.
  return Number(steps.reduce((sum, { seconds }) => sum + seconds, 0).toPrecision(12));
}

/** Fills in the measured time of a load of steps. */
function fillWorkload<T extends { workload: Workload }>(document: T): T {
  const { workload } = document;
  const { load } = workload;
  if (load.shape !== 'steps') return document;
  return { ...document, workload: { ...workload, durationSeconds: stepsSeconds(load) } };
}

/** The rates that a workload asks for in its measured time; of a search, the one with which it begins. */
export function measuredSchedule({ load, durationSeconds }: Workload): RateStep[] {
  switch (load.shape) {
    case 'constant':
      return [{ messagesPerSecond: load.messagesPerSecond, seconds: durationSeconds }];
    case 'steps':
      return load.steps;
    case 'capacity-search':
      return [{ messagesPerSecond: load.startMessagesPerSecond, seconds: durationSeconds }];
  }
}

/** The rate of the warm-up: the one with which the measurement begins. */
export function warmupMessagesPerSecond(workload: Workload): number {
  const first = measuredSchedule(workload).find(({ messagesPerSecond }) => messagesPerSecond > 0);
  return first?.messagesPerSecond ?? 0;
}

/** The highest rate that a workload asks for; of a search null, for it asks what there is. */
export function highestRateAsked(workload: Workload): number | null {
  if (workload.load.shape === 'capacity-search') return null;
  return Math.max(...measuredSchedule(workload).map(({ messagesPerSecond }) => messagesPerSecond));
}

/** An experiment as a user writes it; parsing fills in every default. */
export const experimentSchema = checkedTogether(
  experimentObject,
  (input, context) => {
    checkSettings(input, context);
    checkWorkload(input, context);
  },
  (experiment) => fillWorkload(fillSettings(experiment)),
);
/** An experiment with every default filled in. */
export type ExperimentSpec = z.infer<typeof experimentObject>;

/** Variants are told apart by their names. */
function checkNames(input: unknown, context: z.RefinementCtx): void {
  const variants = z.object({ variants: z.array(z.unknown()) }).safeParse(input);
  if (!variants.success) return;
  const seen = new Map<string, number>();
  variants.data.variants.forEach((variant, index) => {
    const named = z.object({ name }).safeParse(variant);
    if (!named.success) return;
    const first = seen.get(named.data.name);
    if (first === undefined) {
      seen.set(named.data.name, index);
      return;
    }
    context.addIssue({
      code: 'custom',
      path: ['variants', index, 'name'],
      message: `is also the name of variant ${first + 1}; give each variant a name of its own`,
    });
  });
}

function comparisonObject<Variant extends z.ZodType>(variant: Variant) {
  return z.strictObject({
    name,
    workload: workloadSchema,
    requirements,
    variants: z.array(variant).min(1).max(50),
  });
}

/** Several variants under one load, one after another. */
export const comparisonSchema = checkedTogether(
  comparisonObject(checkedTogether(variantObject, checkSettings, fillSettings)),
  (input, context) => {
    checkNames(input, context);
    checkWorkload(input, context);
  },
  fillWorkload,
);
export type ComparisonSpec = z.infer<typeof comparisonSchema>;

/** The experiment of one variant of a comparison. */
export function variantExperiment(comparison: ComparisonSpec, index: number): ExperimentSpec {
  const variant = comparison.variants[index];
  if (!variant) throw new RangeError(`comparison has no variant ${index}`);
  return { ...variant, workload: comparison.workload, requirements: comparison.requirements };
}

/** Shape of a stored spec, whose settings were checked when it was accepted. */
export const acceptedExperimentSchema = experimentObject;
/** Shape of a stored comparison, whose variants' settings were checked when it was accepted. */
export const acceptedComparisonSchema = comparisonObject(variantObject);
