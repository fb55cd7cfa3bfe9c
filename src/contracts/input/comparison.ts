import { z } from 'zod';
import { checkedTogether, checkWorkload, workloadOf } from './checks.ts';
import { checkCloud, cloudShape, fillCloud } from './cloud.ts';
import { expandSweeps, mostVariants, type Origin, sweepFaults, sweepSchema } from './grid/sweep.ts';
import { checkKeeping, keepShape } from './keeping/keep-minutes.ts';
import { requirementsSchema } from './requirement.ts';
import { checkFit, checkSettings, fillSettings, nameSchema, subjectShape } from './subject.ts';
import { fillWorkload, workloadSchema } from './workload.ts';

/** Experiments of one comparison. */
const mostExperiments = 500;

const variantObject = z.strictObject({ name: nameSchema, ...subjectShape });

function comparisonObject<Variant extends z.ZodType>(variant: Variant) {
  return z.strictObject({
    name: nameSchema,
    ...cloudShape,
    ...keepShape,
    workload: workloadSchema,
    requirements: requirementsSchema,
    variants: z.array(variant).min(1).max(mostVariants).describe('What is compared, one after another'),
    repetitions: z
      .int()
      .min(1)
      .max(100)
      .default(1)
      .describe('How often each variant runs; from 5 on a difference can be told from chance'),
    seed: z.int().min(0).default(1).describe('Of the order in which the variants of a repetition run'),
  });
}

const checkedComparisonSchema = checkedTogether(
  comparisonObject(checkedTogether(variantObject, checkSettings, fillSettings)),
  (input, context) => {
    checkNames(input, context);
    checkCount(input, context);
    checkCloud(input, context);
    checkKeeping(input, context);
    checkWorkload(input, context);
    checkVariants(input, context);
  },
  (comparison) =>
    fillWorkload(
      fillCloud(
        comparison,
        comparison.variants.map(({ target }) => target),
      ),
    ),
);

/** Several variants under one load, one after another; sweeps are variants of their own in what it makes. */
export const comparisonSchema = z.unknown().transform((input, context): ComparisonSpec => {
  const found = z.looseObject({ variants: z.array(z.unknown()) }).safeParse(input).data;
  // One more than the most tells that there are too many; to check thousands would keep everybody else waiting for seconds.
  const document = found && { ...found, variants: found.variants.slice(0, mostVariants + 1) };
  const { variants, origins } = expandSweeps(document?.variants ?? []);
  document?.variants.forEach((variant, index) => {
    for (const { path, message } of sweepFaults(variant)) {
      context.addIssue({ code: 'custom', path: ['variants', index, ...path], message });
    }
  });
  const parsed = checkedComparisonSchema.safeParse(document ? { ...document, variants } : input);
  if (parsed.success) return context.issues.length > 0 ? z.NEVER : parsed.data;
  const told = new Set<string>();
  for (const issue of parsed.error.issues) {
    const path = pathAsWritten(issue, origins);
    const key = JSON.stringify([path, issue.message]);
    if (!told.has(key)) context.addIssue({ ...issue, path } as Parameters<typeof context.addIssue>[0]);
    told.add(key);
  }
  return z.NEVER;
});
export type ComparisonSpec = z.infer<typeof checkedComparisonSchema>;

/** Shape of what is sent, before sweeps are variants of their own. */
export const comparisonInputSchema = comparisonObject(
  variantObject.extend({ sweep: sweepSchema.optional() }),
);

/** Where in the document the fault is, for its variants are not those that were checked. */
function pathAsWritten(issue: z.core.$ZodIssue, origins: readonly Origin[]): PropertyKey[] {
  const [field, index, part, setting, ...rest] = issue.path;
  const origin = field === 'variants' && typeof index === 'number' ? origins[index] : undefined;
  if (!origin) return issue.path;
  const variant = ['variants', origin.variant];
  if (part !== 'settings') return [...variant, ...issue.path.slice(2)];
  const value = origin.values[String(setting)];
  if (setting !== undefined && value !== undefined) return [...variant, 'sweep', setting, value, ...rest];
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys : [];
  const isSwept = unknown.length > 0 && unknown.every((key) => origin.values[key] !== undefined);
  return [...variant, isSwept ? 'sweep' : 'settings', ...issue.path.slice(3)];
}

/** Shape of a stored comparison, whose variants' settings were checked when it was accepted. */
export const acceptedComparisonSchema = comparisonObject(variantObject);

/** A comparison of too many experiments would go on for days. */
function checkCount(input: unknown, context: z.RefinementCtx): void {
  const counted = z
    .object({ variants: z.array(z.unknown()), repetitions: z.int().min(1).default(1) })
    .safeParse(input).data;
  if (!counted) return;
  const count = counted.variants.length * counted.repetitions;
  if (count <= mostExperiments) return;
  context.addIssue({
    code: 'custom',
    path: counted.repetitions > 1 ? ['repetitions'] : ['variants'],
    message: `makes ${count} experiments, ${counted.variants.length} variants of ${counted.repetitions} each; a comparison has at most ${mostExperiments}`,
  });
}

/** Every variant must be able to carry the load. */
function checkVariants(input: unknown, context: z.RefinementCtx): void {
  variantsOf(input).forEach((variant, index) => {
    checkFit(variant, workloadOf(input), context, ['variants', index]);
  });
}

function variantsOf(input: unknown): unknown[] {
  return z.object({ variants: z.array(z.unknown()) }).safeParse(input).data?.variants ?? [];
}

/** Variants are told apart by their names. */
function checkNames(input: unknown, context: z.RefinementCtx): void {
  const seen = new Map<string, number>();
  variantsOf(input).forEach((variant, index) => {
    const named = z.object({ name: nameSchema }).safeParse(variant);
    if (!named.success) return;
    // Two spellings of one letter look alike.
    const name = named.data.name.normalize();
    const first = seen.get(name);
    if (first === undefined) {
      seen.set(name, index);
      return;
    }
    context.addIssue({
      code: 'custom',
      path: ['variants', index, 'name'],
      message: `is also the name of variant ${first + 1}; give each variant a name of its own`,
    });
  });
}
