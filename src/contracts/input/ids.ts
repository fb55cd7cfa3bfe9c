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
