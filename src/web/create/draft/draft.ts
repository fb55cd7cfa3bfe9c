/** A comparison as it is being written: what the form changes, and what is sent. */
export interface Draft {
  name: string;
  workload: Record<string, unknown>;
  requirements: Record<string, unknown>[];
  variants: DraftVariant[];
  repetitions: number;
  seed?: number;
  /** What an opened file has beside these; the server says whether it takes that. */
  others?: Record<string, unknown>;
}

export interface DraftVariant {
  name: string;
  technology: string;
  target: string;
  settings: Record<string, unknown>;
  /** Values to try, by setting. */
  sweep?: Record<string, unknown[]>;
}

/** A copy with another value at a path; undefined takes it away. */
export function withValue<T>(document: T, path: readonly (string | number)[], value: unknown): T {
  const [head, ...rest] = path;
  if (head === undefined) return value as T;
  if (Array.isArray(document)) {
    const copy: unknown[] = [...document];
    copy[Number(head)] = withValue(copy[Number(head)], rest, value);
    return copy as T;
  }
  const copy = { ...(document as Record<string, unknown>) };
  const changed = withValue(copy[head], rest, value);
  if (changed === undefined) delete copy[head];
  else copy[head] = changed;
  return copy as T;
}

/** What is sent, and where to: one variant once is an experiment of its own. */
export interface Submission {
  kind: 'experiments' | 'comparisons';
  document: Record<string, unknown>;
}

export function submissionOf(draft: Draft): Submission {
  const [only, ...more] = draft.variants;
  const isOne = only && more.length === 0 && draft.repetitions === 1 && !hasSweep(only);
  if (!isOne) {
    const variants = draft.variants.map((variant) => {
      const { sweep, ...plain } = variant;
      return hasSweep(variant) ? { ...plain, sweep } : plain;
    });
    return { kind: 'comparisons', document: { ...comparisonOf(draft), variants } };
  }
  const { others, name, workload, requirements } = draft;
  const { name: _, sweep: __, ...variant } = only;
  return { kind: 'experiments', document: { ...others, name, ...variant, workload, requirements } };
}

function hasSweep({ sweep }: DraftVariant): boolean {
  return Object.keys(sweep ?? {}).length > 0;
}

/** The draft as a comparison, whatever is sent of it. */
export function comparisonOf({ others, ...known }: Draft): Record<string, unknown> {
  return { ...others, ...known };
}

/** Where in the draft a fault is that the server found in what was sent. */
export function pointerInDraft(kind: Submission['kind'], pointer: string): string {
  if (kind === 'comparisons') return pointer;
  return /^\/(technology|target|settings)\b/.test(pointer) ? `/variants/0${pointer}` : pointer;
}
