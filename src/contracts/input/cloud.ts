import { z } from 'zod';

const regionSchema = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region, such as eu-central-1')
  .describe('With target: aws, the region of everything; that of AWS_REGION without');

const budgetSchema = z.strictObject({
  maxCostUsd: z
    .number()
    .positive()
    .max(100_000)
    .default(10)
    .describe(
      'Most that it may be billed for, in USD, by list prices, should it take all of maxMinutes: estimated before anything is made, and refused beyond; of a comparison, all its experiments on aws together',
    ),
  maxMinutes: z
    .int()
    .min(10)
    .max(1_440)
    .default(120)
    .describe(
      'How long the infrastructure of an experiment may stand, in minutes, before it is destroyed, whatever it does then',
    ),
});
export type Budget = z.infer<typeof budgetSchema>;

/** What an experiment or a comparison may say of what it takes of an AWS account. */
export const cloudShape = {
  region: regionSchema.optional(),
  budget: budgetSchema.optional().describe('With target: aws, what it may cost and how long it may take'),
};

const cloudFields = ['region', 'budget'] as const;

const subjectSchema = z.object({ target: z.string().default('local') });

/** What is of an account means nothing elsewhere, and what is in one is loaded from one clock. */
export function checkCloud(input: unknown, context: z.RefinementCtx): void {
  const document = z.looseObject({ variants: z.array(z.unknown()).optional() }).safeParse(input).data;
  if (!document) return;
  const subjects = document.variants ?? [input];
  if (subjects.some((one) => subjectSchema.safeParse(one).data?.target === 'aws')) {
    checkOneTask(document, context);
    return;
  }
  for (const field of cloudFields) {
    if (document[field] === undefined) continue;
    const message = 'is for target: aws; leave it out, or choose that target';
    context.addIssue({ code: 'custom', path: [field], message });
  }
}

/** Several would be made, and paid for, only to refuse each other's clocks when the load begins. */
function checkOneTask({ workload }: Record<string, unknown>, context: z.RefinementCtx): void {
  const generators = generatorsSchema.safeParse(workload).data?.generators ?? 1;
  if (generators === 1) return;
  context.addIssue({
    code: 'custom',
    path: ['workload', 'generators'],
    message:
      'must be 1 with target: aws: each load generator there is a Fargate task, which has a clock of its own, and a latency between two clocks is none; leave it out: one task runs all producers and consumers, a thread each',
  });
}

const generatorsSchema = z.looseObject({ generators: z.number() });

interface Cloudy {
  budget?: Budget | undefined;
}

/** Fills in the budget of what is on `aws`: nothing there is without one. */
export function fillCloud<T extends Cloudy>(document: T, targets: readonly string[]): T {
  if (!targets.includes('aws')) return document;
  return { ...document, budget: budgetSchema.parse(document.budget ?? {}) };
}
