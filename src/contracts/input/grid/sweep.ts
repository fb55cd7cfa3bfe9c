import { z } from 'zod';
import { explainIssue } from '../explain-issue.ts';

/** Values of settings, each to be tried with each of the others. */
export const sweepSchema = z
  .record(z.string(), z.array(z.unknown()).min(1).max(50))
  .describe('Settings, each with the values to try; every combination becomes a variant');

/** Where in the document a variant of a sweep comes from. */
export interface Origin {
  /** Of the variant that has the sweep. */
  variant: number;
  /** Which value of each setting it has. */
  values: Record<string, number>;
}

/** More are refused before they are made. */
export const mostVariants = 500;

const sweptVariantSchema = z.looseObject({
  name: z.string(),
  settings: z.record(z.string(), z.unknown()).default({}),
  sweep: sweepSchema,
});

/**
 * Puts the variants of each sweep in the place of the one that has it. One whose sweep is wrong, as `sweepFaults` says,
 * loses it, so that the rest of it can be checked.
 * @returns the variants, and where each comes from; too many of a sweep are cut off after `mostVariants` and one more
 */
export function expandSweeps(variants: readonly unknown[]): { variants: unknown[]; origins: Origin[] } {
  const expanded: unknown[] = [];
  const origins: Origin[] = [];
  variants.forEach((variant, index) => {
    const swept = sweptVariantSchema.safeParse(variant).data;
    if (!swept || settingsOfBoth(swept).length > 0) {
      expanded.push(withoutSweep(variant));
      origins.push({ variant: index, values: {} });
      return;
    }
    const { sweep, ...rest } = swept;
    // Those before it may be beyond the most already.
    for (const values of combinations(sweep, Math.max(0, mostVariants + 1 - expanded.length))) {
      const chosen = Object.entries(values).map(([setting, at]) => [setting, sweep[setting]?.[at]] as const);
      const words = chosen.map(([setting, value]) => `${setting} ${inWords(value)}`).join(', ');
      expanded.push({
        ...rest,
        name: words ? `${rest.name}, ${words}` : rest.name,
        settings: { ...rest.settings, ...Object.fromEntries(chosen) },
      });
      origins.push({ variant: index, values });
    }
  });
  return { variants: expanded, origins };
}

/** What is wrong with the sweep of a variant, each with its path in the variant. */
export function sweepFaults(variant: unknown): { path: PropertyKey[]; message: string }[] {
  const raw = z.looseObject({ sweep: z.unknown() }).safeParse(variant).data?.sweep;
  if (raw === undefined) return [];
  const parsed = sweepSchema.safeParse(raw, { error: explainIssue });
  if (!parsed.success) {
    return parsed.error.issues.map(({ path, message }) => ({ path: ['sweep', ...path], message }));
  }
  const { settings } = z.looseObject({ settings: z.looseObject({}).catch({}) }).parse(variant);
  return settingsOfBoth({ settings, sweep: parsed.data }).map((setting) => ({
    path: ['sweep', setting],
    message: 'is also in settings; leave it out there',
  }));
}

/** Settings that a variant has a value for, and sweeps as well. */
function settingsOfBoth({ settings, sweep }: { settings: object; sweep: object }): string[] {
  return Object.keys(sweep).filter((setting) => Object.hasOwn(settings, setting));
}

function withoutSweep(variant: unknown): unknown {
  if (typeof variant !== 'object' || variant === null || !('sweep' in variant)) return variant;
  const { sweep: _, ...rest } = variant;
  return rest;
}

/** Every way to choose a value for each setting; the last setting changes fastest. */
function combinations(sweep: Record<string, unknown[]>, most: number): Record<string, number>[] {
  let all: Record<string, number>[] = [{}];
  for (const [setting, values] of Object.entries(sweep)) {
    all = all.flatMap((chosen) => values.map((_, at) => ({ ...chosen, [setting]: at }))).slice(0, most);
  }
  return all;
}

const inWords = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
