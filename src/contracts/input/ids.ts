import { z } from 'zod';

/** Ids of experiments and comparisons, also those chosen by hand in the Temporal Web UI. */
export const idPattern = /^[a-z0-9][a-z0-9-]{2,35}$/;

export const idSchema = z
  .string()
  .regex(idPattern, 'must be 3 to 36 lower-case letters, digits or hyphens, and not begin with a hyphen');

/** Begin the ids of workflows of ours that are no experiments: one with such an id would get their signals. */
const reserved = /^(run-queue|reap|reaper)(-|$)/;

/** An id that something new may have; what has another one since an earlier release is known by it all the same. */
export const newIdSchema = idSchema.refine(
  (id) => !reserved.test(id),
  'begins as the ids of the run queue and the reaper do',
);

/**
 * Id of a comparison's experiment, made from its parent's so that a retried start cannot make a second child.
 * @param index of the variant, counts from 0
 * @param block which repetition, counts from 0
 */
export function variantExperimentId(comparisonId: string, index: number, block = 0): string {
  const two = (count: number) => String(count + 1).padStart(2, '0');
  return `${comparisonId}-${two(index)}${block > 0 ? `-${two(block)}` : ''}`;
}
