import { z } from 'zod';
import { checkedTogether, checkWorkload } from './checks.ts';
import type { ExperimentSpec } from './experiment.ts';
import { requirementsSchema } from './requirement.ts';
import { checkSettings, fillSettings, nameSchema, subjectShape } from './subject.ts';
import { fillWorkload, workloadSchema } from './workload.ts';

const variantObject = z.strictObject({ name: nameSchema, ...subjectShape });

function comparisonObject<Variant extends z.ZodType>(variant: Variant) {
  return z.strictObject({
    name: nameSchema,
    workload: workloadSchema,
    requirements: requirementsSchema,
    variants: z.array(variant).min(1).max(50).describe('What is compared, one after another'),
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

/** Shape of a stored comparison, whose variants' settings were checked when it was accepted. */
export const acceptedComparisonSchema = comparisonObject(variantObject);

/** Variants are told apart by their names. */
function checkNames(input: unknown, context: z.RefinementCtx): void {
  const variants = z.object({ variants: z.array(z.unknown()) }).safeParse(input);
  if (!variants.success) return;
  const seen = new Map<string, number>();
  variants.data.variants.forEach((variant, index) => {
    const named = z.object({ name: nameSchema }).safeParse(variant);
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
