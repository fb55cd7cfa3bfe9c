import type { DraftVariant } from './draft.ts';
import { starters } from './starters.ts';

/** A name that no other variant has: the base where that is free, else with a number. */
export function freshName(base: string, variants: readonly DraftVariant[]): string {
  const taken = new Set(variants.map(({ name }) => name));
  if (!taken.has(base)) return base;
  for (let number = 2; ; number++) if (!taken.has(`${base} ${number}`)) return `${base} ${number}`;
}

interface Technology {
  id: string;
  label: string;
}

/** A variant of another technology: settings are others then, and so is a name that nobody has chosen. */
export function withTechnology(
  variants: readonly DraftVariant[],
  index: number,
  to: string,
  technologies: readonly Technology[],
): DraftVariant {
  const variant = variants[index] as DraftVariant;
  const labelOf = (id: string) => technologies.find((one) => one.id === id)?.label ?? id;
  const others = variants.toSpliced(index, 1);
  const name = isSuggested(variant, labelOf(variant.technology))
    ? freshName(labelOf(to), others)
    : variant.name;
  return { name, technology: to, target: 'local', settings: {} };
}

/** Whether a variant has the name of its technology, numbered or not, or the one that a starter gives it. */
function isSuggested({ name, technology }: DraftVariant, label: string): boolean {
  const unnumbered = name.replace(/( \d+)+$/, '');
  if (unnumbered.toLowerCase() === label.toLowerCase() || /^(variant \d+)?$/i.test(name)) return true;
  const begun = starters.flatMap(({ draft }) => draft.variants);
  return begun.some((one) => one.technology === technology && [name, unnumbered].includes(one.name));
}
