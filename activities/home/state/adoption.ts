import type { TerraformState } from './terraform-state.ts';

/** Something that exists, with where terraform would keep it. */
export interface Adoptable {
  address: string;
  /** What `terraform import` takes for it. */
  importId: string;
}

/** What exists and the state lacks: to be imported before an apply or a destroy can be trusted. */
export function missingFromState(existing: Adoptable[], state: TerraformState | null): Adoptable[] {
  const known = new Set(state?.addresses);
  const missing = new Map<string, Adoptable>();
  for (const one of existing) if (!known.has(one.address)) missing.set(one.address, one);
  return [...missing.values()];
}

/** The terraform commands that bring state and reality together and then apply or destroy. */
export function planSteps(plan: {
  kind: 'apply' | 'destroy';
  initialize: boolean;
  backendFile: string;
  breakLock: string | null;
  pushState: boolean;
  imports: Adoptable[];
  /** Whether there is anything to apply or destroy. */
  change: boolean;
}): string[][] {
  const quiet = ['-input=false', '-no-color'];
  return [
    ...(plan.initialize
      ? [['init', '-json', '-input=false', '-reconfigure', `-backend-config=${plan.backendFile}`]]
      : []),
    ...(plan.breakLock ? [['force-unlock', '-force', plan.breakLock]] : []),
    // Never apply before what could not be written has been.
    ...(plan.pushState ? [['state', 'push', 'errored.tfstate']] : []),
    // Import blocks will not do: a destroy ignores them, and an apply would also create what is missing.
    ...plan.imports.map(({ address, importId }) => ['import', ...quiet, address, importId]),
    ...(plan.change ? [[plan.kind, '-json', '-auto-approve', '-input=false']] : []),
  ];
}
