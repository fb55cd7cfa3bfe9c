import { z } from 'zod';

/** A message must hold the generator's own header: session, producer, sequence and intended send time. */
export const minMessageSizeBytes = 32;
/** The largest record that any of the products takes. */
const maxMessageSizeBytes = 10 * 1024 * 1024;

/**
 * What a header comes to in a compressed batch: of its 32 bytes only the sequence and the time differ from one message
 * to the next. Measured: 5 bytes with zstd, 10 with gzip, 20 with lz4.
 */
export const compressedHeaderBytes = 14;
const maxMessagesPerSecond = 10_000_000;
const rate = z.number().positive().max(maxMessagesPerSecond);

const rateStepSchema = z.strictObject({
  messagesPerSecond: z
    .number()
    .min(0)
    .max(maxMessagesPerSecond)
    .describe('The total over all producers; 0 for a pause'),
  seconds: z.number().min(0.1).max(86_400).describe('How long the step lasts, in seconds'),
});
/** A rate of all producers together, for a time. */
export type RateStep = z.infer<typeof rateStepSchema>;

const searchShape = {
  startMessagesPerSecond: rate.default(1_000).describe('Rate of the warm-up and of the first probe'),
  maxMessagesPerSecond: rate.default(1_000_000).describe('Highest rate to try'),
  probeSeconds: z.number().min(2).max(600).default(10).describe('How long each rate is tried, in seconds'),
  resolutionPercent: z
    .number()
    .min(0.5)
    .max(50)
    .default(5)
    .describe('How close the highest rate that was sustained and the lowest that was not must come'),
};

export const loadSchema = z.discriminatedUnion('shape', [
  z.strictObject({
    shape: z.literal('constant'),
    messagesPerSecond: rate.describe('The total over all producers, in messages per second'),
  }),
  z.strictObject({
    shape: z.literal('steps'),
    steps: z
      .array(rateStepSchema)
      .min(1)
      .max(1_000)
      .describe('Rates one after another; together they are the measured time'),
  }),
  z.strictObject({
    shape: z.literal('capacity-search'),
    ...searchShape,
  }),
  z.strictObject({
    shape: z.literal('ladder'),
    ratesMessagesPerSecond: z
      .array(rate)
      .min(1)
      .max(20)
      .optional()
      .describe('The rungs, each loaded for the measured time'),
    sharesPercent: z
      .array(z.number().min(1).max(200))
      .min(1)
      .max(20)
      .optional()
      .describe('Or the rungs in percent of the capacity that a search finds first; 10, 25, 50, 75 and 90'),
    ...searchShape,
  }),
]);
export type Load = z.infer<typeof loadSchema>;
/** A load that looks for the highest rate that is sustained. */
export type Search = Extract<Load, { shape: 'capacity-search' | 'ladder' }>;

/** The rungs of a ladder that names none, in percent of the capacity. */
const usualSharesPercent = [10, 25, 50, 75, 90];

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

export const compressiblePayloadSchema = z.strictObject({
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
});

const payloadSchema = z.discriminatedUnion('content', [
  z.strictObject({ content: z.literal('random').describe('Random bytes, which do not compress') }),
  compressiblePayloadSchema,
]);

const mostWarmupSeconds = 600;
/** How long a warm-up goes on at most where the workload does not say. */
const usualMaxWarmupSeconds = 60;

export const workloadSchema = z.strictObject({
  messageSizeBytes: z
    .int()
    .min(minMessageSizeBytes)
    .max(maxMessageSizeBytes)
    .default(1_024)
    .describe('Size of a message, in bytes; what a product takes of it depends on its settings'),
  load: loadSchema.describe('Rates, by the shape of the load'),
  producers: z.int().min(1).max(64).default(1).describe('Producer clients, sharing the load evenly'),
  consumers: z.int().min(1).max(64).default(1).describe('Consumer clients of one group'),
  generators: z
    .int()
    .min(1)
    .max(16)
    .default(1)
    .describe(
      'Load generator processes that the producers and consumers are spread over; one with target: aws',
    ),
  keys: keysSchema.default({ distribution: 'none' }).describe('Message keys'),
  payload: payloadSchema.default({ content: 'random' }).describe('What messages hold beyond their header'),
  warmupSeconds: z
    .number()
    .min(0)
    .max(mostWarmupSeconds)
    .default(5)
    .describe('Load before the measurement, not counted, in seconds, at least'),
  maxWarmupSeconds: z
    .number()
    .min(0)
    .max(mostWarmupSeconds)
    .optional()
    .describe(
      'Load before the measurement, in seconds, at most: it goes on until rate and latency are level, or until then; by default 60, or warmupSeconds where that is 0 or more than 60',
    ),
  durationSeconds: z
    .number()
    .min(1)
    .max(86_400)
    .default(20)
    .describe(
      'Measured time, in seconds; with steps, their sum; with a capacity search, at the rate that it found; with a ladder, of each rung',
    ),
  drainTimeoutSeconds: z
    .number()
    .min(1)
    .max(600)
    .default(30)
    .describe('Longest wait for messages still under way after the last was sent, in seconds'),
});
export type Workload = z.infer<typeof workloadSchema>;

/** How long the steps of a load last together. */
export function stepsSeconds({ steps }: Extract<Load, { shape: 'steps' }>): number {
  // Without the noise of adding decimal fractions.
  return Number(steps.reduce((sum, { seconds }) => sum + seconds, 0).toPrecision(12));
}

/** Fills in the longest warm-up, the measured time of a load of steps, and the rungs of a ladder. */
export function fillWorkload<T extends { workload: Workload }>(given: T): T {
  const document = { ...given, workload: withMaxWarmup(given.workload) };
  const { workload } = document;
  const { load } = workload;
  if (load.shape === 'steps') {
    return { ...document, workload: { ...workload, durationSeconds: stepsSeconds(load) } };
  }
  if (load.shape !== 'ladder' || load.ratesMessagesPerSecond || load.sharesPercent) return document;
  return { ...document, workload: { ...workload, load: { ...load, sharesPercent: usualSharesPercent } } };
}

/** Without any warm-up there is none that could go on. */
function withMaxWarmup(workload: Workload): Workload {
  const { warmupSeconds, maxWarmupSeconds } = workload;
  const usual = warmupSeconds === 0 ? 0 : Math.max(usualMaxWarmupSeconds, warmupSeconds);
  return { ...workload, maxWarmupSeconds: maxWarmupSeconds ?? usual };
}
