import { z } from 'zod';
import { isProvisioned, mostKeptMinutes } from './kept.ts';

/** Minutes for which what was measured is kept, or is kept for longer. */
export const keptMinutesSchema = z.int().min(1).max(mostKeptMinutes);

/** What an experiment or a comparison may say of what becomes of its infrastructure once it was measured. */
export const keepShape = {
  keepMinutes: keptMinutesSchema
    .optional()
    .describe(
      'Minutes for which what was made stays after each measurement, to look inside, before it is destroyed; the result is there by then, the next experiment waits, and on aws budget.maxMinutes ends it all the same',
    ),
};

const documentSchema = z.looseObject({
  keepMinutes: z.unknown(),
  variants: z.array(z.unknown()).optional(),
});
const subjectSchema = z.object({ target: z.string().default('local') });

/** What nothing is made for cannot be kept. */
export function checkKeeping(input: unknown, context: z.RefinementCtx): void {
  const { keepMinutes, variants } = documentSchema.safeParse(input).data ?? {};
  if (keepMinutes === undefined) return;
  const subjects = (variants ?? [input]).map((one) => subjectSchema.safeParse(one).data);
  if (subjects.length === 0 || subjects.some((one) => !one || isProvisioned(one.target))) return;
  context.addIssue({
    code: 'custom',
    path: ['keepMinutes'],
    message:
      'keeps what was made, and with target: existing nothing is made but a topic or stream in a cluster of yours, which stays as it is; leave it out, or choose another target',
  });
}
