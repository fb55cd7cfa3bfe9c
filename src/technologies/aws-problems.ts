import type { SettingsProblem } from './card.ts';

/** What of a technology's settings for `aws` was given, where the target is another. */
export function problemsElsewhere<Name extends string>(
  settings: Partial<Record<Name, unknown>>,
  names: readonly Name[],
): SettingsProblem[] {
  return names
    .filter((name) => settings[name] !== undefined)
    .map((name) => ({
      path: [name],
      message: 'is for target: aws; leave it out, or choose that target',
    }));
}
