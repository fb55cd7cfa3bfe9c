import type { InventoryItem } from '../../../../src/contracts/documents/orphans.ts';
import type { Adoptable } from '../../state/adoption.ts';

/** Whose things are looked for: everything of an experiment begins with this name, or has these two in its tags. */
export interface Owner {
  installationId: string;
  experimentId: string;
}

/** What there is of an experiment in a region, and what of it terraform can take over. */
export interface Finding {
  items: InventoryItem[];
  adoptable: Adoptable[];
}

export const ownershipTags = {
  installation: 'comparator:installation',
  experiment: 'comparator:experiment',
  expires: 'comparator:expires',
} as const;

/** Name of an experiment's resources, or the beginning of it; the aws-ownership module makes the same. */
export function nameOf({ installationId, experimentId }: Owner): string {
  return `cmp-${installationId}-${experimentId}`;
}

export function together(findings: readonly Finding[]): Finding {
  return {
    items: findings.flatMap(({ items }) => items),
    adoptable: findings.flatMap(({ adoptable }) => adoptable),
  };
}

/** One thing, with where terraform keeps it; it goes with another where no place is given. */
export function found(
  kind: InventoryItem['kind'],
  name: string,
  description: string,
  adoptable: Adoptable | null,
): Finding {
  return { items: [{ kind, name, description }], adoptable: adoptable ? [adoptable] : [] };
}
