import { jsonPointer } from './pointer.ts';

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
  const { others, ...known } = draft;
  if (!isOne) {
    const variants = draft.variants.map((variant) => {
      const { sweep, ...plain } = variant;
      return hasSweep(variant) ? { ...plain, sweep } : plain;
    });
    return { kind: 'comparisons', document: { ...others, ...known, variants } };
  }
  const { name, workload, requirements } = draft;
  const { name: _, sweep: __, ...variant } = only;
  return { kind: 'experiments', document: { ...others, name, ...variant, workload, requirements } };
}

function hasSweep({ sweep }: DraftVariant): boolean {
  return Object.keys(sweep ?? {}).length > 0;
}

/** Where in the draft a fault is that the server found in what was sent. */
export function pointerInDraft(kind: Submission['kind'], pointer: string): string {
  if (kind === 'comparisons') return pointer;
  return /^\/(technology|target|settings)\b/.test(pointer) ? `/variants/0${pointer}` : pointer;
}

/**
 * A file's document as a draft; an experiment becomes its only variant. What the form does not show stays, for the server
 * to judge.
 * @throws Error that says where it holds what no form could show
 */
export function draftOf(document: unknown): Draft {
  if (typeOf(document) !== 'object') throw new Error('The file holds no experiment and no comparison.');
  const given = document as Given;
  demandTypes(given, [], typesOfDocument);
  const { name = '', workload = {}, requirements = [], repetitions = 1, seed, variants, ...rest } = given;
  const { technology, target, settings, sweep, ...beside } = rest;
  const others = variants ? rest : beside;
  return {
    name,
    workload,
    requirements,
    variants: (variants ?? [{ name, technology, target, settings, sweep }]).map((variant, index) =>
      variantOf(variant, index, name),
    ),
    repetitions,
    ...(seed === undefined ? {} : { seed }),
    ...(Object.keys(others).length > 0 ? { others } : {}),
  };
}

/** A document whose types have been looked at, but for those of variants. */
type Given = Partial<Omit<Draft, 'variants' | 'others'>> & { variants?: unknown[] } & Record<string, unknown>;

type TypeName = 'object' | 'list' | 'number' | 'text';

const typesOfDocument: Record<string, TypeName> = {
  name: 'text',
  workload: 'object',
  requirements: 'list',
  variants: 'list',
  repetitions: 'number',
  seed: 'number',
};
const typesOfVariant: Record<string, TypeName> = {
  name: 'text',
  technology: 'text',
  target: 'text',
  settings: 'object',
  sweep: 'object',
};

function demandTypes(
  given: Record<string, unknown>,
  path: readonly (string | number)[],
  types: Record<string, TypeName>,
): void {
  for (const [name, type] of Object.entries(types)) {
    const value = given[name];
    if (value !== undefined && typeOf(value) !== type) {
      throw new Error(`The file has no ${type} at ${jsonPointer([...path, name])}.`);
    }
  }
}

function typeOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'list';
  return typeof value === 'string' ? 'text' : typeof value;
}

function variantOf(given: unknown, index: number, documentName: string): DraftVariant {
  const path = ['variants', index] as const;
  if (typeOf(given) !== 'object') throw new Error(`The file has no object at ${jsonPointer(path)}.`);
  const variant = given as Partial<DraftVariant> & Record<string, unknown>;
  demandTypes(variant, path, typesOfVariant);
  const { technology, name = documentName, target = 'local', settings = {} } = variant;
  if (technology === undefined) {
    throw new Error(`The file names no technology at ${jsonPointer([...path, 'technology'])}.`);
  }
  return { ...variant, name: name || `variant ${index + 1}`, technology, target, settings };
}

/** A name that no other variant has. */
export function freshName(base: string, variants: readonly DraftVariant[]): string {
  const taken = new Set(variants.map(({ name }) => name));
  for (let number = 2; ; number++) if (!taken.has(`${base} ${number}`)) return `${base} ${number}`;
}
