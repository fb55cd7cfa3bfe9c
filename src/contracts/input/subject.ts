import { z } from 'zod';
import { technologyCard, technologyIds } from '../../technologies/registry.ts';
import { carriedLoad } from './carried-load.ts';
import { addIssues } from './checks.ts';
import { explainIssue } from './explain-issue.ts';
import { withoutInvisible } from './text/invisible.ts';
import { workloadSchema } from './workload.ts';

/** Name of an experiment, a comparison or a variant. */
export const nameSchema = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((name) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(name), {
    error: 'must be one line, without control characters',
  })
  .refine((name) => name.isWellFormed(), {
    error: 'holds half of a character, an unpaired surrogate; write the whole of it',
  })
  .refine((name) => /^[\p{Cc}\p{Cs}]*$/u.test(name) || withoutInvisible(name).trim() !== '', {
    error: 'holds nothing that can be seen; write a name',
  })
  .describe('By which people know it');

/** What is put to the test. */
export const subjectShape = {
  technology: z.enum(technologyIds).describe('What is put to the test'),
  target: z
    .enum(['local', 'existing', 'aws'])
    .default('local')
    .describe(
      'Where its infrastructure lives: on this machine, in a cluster of yours, or in an AWS account of yours',
    ),
  settings: z.record(z.string(), z.unknown()).default({}).describe("The technology's own settings"),
};

/** What the settings depend on, whatever else is in the document; a wrong target is reported elsewhere. */
const subjectSchema = z.object({ ...subjectShape, target: subjectShape.target.nullable().catch(null) });

/** Checks the settings by the technology's own schema, with paths below `settings`. */
export function checkSettings(input: unknown, context: z.RefinementCtx): void {
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
    context.addIssue({ code: 'custom', path: ['settings', ...problem.path], message: problem.message });
  }
}

/**
 * Checks by the technology's own limits whether its settings and the load can work together. Each part by itself is
 * checked elsewhere, and faults of it are none of this.
 * @param below where what is put to the test stands in the document
 */
export function checkFit(
  subject: unknown,
  workload: unknown,
  context: z.RefinementCtx,
  below: PropertyKey[] = [],
): void {
  const { data } = z.object(subjectShape).safeParse(subject);
  const load = workloadSchema.safeParse(workload).data;
  if (!data || !load) return;
  const card = technologyCard(data.technology);
  const settings = card.settings.safeParse(data.settings);
  if (!settings.success || card.settingsProblems(settings.data, data.target).length > 0) return;
  for (const { path, message } of card.loadProblems(settings.data, carriedLoad(load))) {
    // The load is that of all variants.
    const place = [...(path[0] === 'settings' ? below : []), ...path];
    const name = below.length > 0 && path[0] !== 'settings' ? `${nameOf(subject)}: ` : '';
    context.addIssue({ code: 'custom', path: place, message: `${name}${message}` });
  }
}

function nameOf(subject: unknown): string {
  return z.object({ name: nameSchema }).safeParse(subject).data?.name ?? 'a variant';
}

/** Fills in the defaults of settings that were checked. */
export function fillSettings<T extends Pick<z.infer<typeof subjectSchema>, 'technology' | 'settings'>>(
  subject: T,
): T {
  const settings = technologyCard(subject.technology).settings.parse(subject.settings);
  return { ...subject, settings: settings as Record<string, unknown> };
}
