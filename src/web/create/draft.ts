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
  const { technology, target, settings } = only;
  const document = { ...others, name, technology, target, settings, workload, requirements };
  return { kind: 'experiments', document };
}

function hasSweep({ sweep }: DraftVariant): boolean {
  return Object.keys(sweep ?? {}).length > 0;
}

/** Where in the draft a fault is that the server found in what was sent. */
export function pointerInDraft(kind: Submission['kind'], pointer: string): string {
  if (kind === 'comparisons') return pointer;
  return /^\/(technology|target|settings)\b/.test(pointer) ? `/variants/0${pointer}` : pointer;
}

/** A file's document as a draft; an experiment becomes its only variant. @throws Error that says what it is not */
export function draftOf(document: unknown): Draft {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new Error('The file holds no experiment and no comparison.');
  }
  const given = document as Record<string, unknown>;
  demandTypes(given);
  const name = typeof given.name === 'string' ? given.name : '';
  const variants = Array.isArray(given.variants) ? given.variants : [pick(given, ofVariant)];
  return {
    name,
    workload: objectOr(given.workload, {}),
    requirements: Array.isArray(given.requirements) ? given.requirements : [],
    variants: variants.map((variant, index) => variantOf(variant, index, name)),
    repetitions: typeof given.repetitions === 'number' ? given.repetitions : 1,
    ...(typeof given.seed === 'number' ? { seed: given.seed } : {}),
    ...othersOf(given),
  };
}

const ofAny = ['name', 'workload', 'requirements', 'repetitions', 'seed'];
const ofComparison = [...ofAny, 'variants'];
const ofExperiment = [...ofAny, 'technology', 'target', 'settings', 'sweep'];

function othersOf(given: Record<string, unknown>): Pick<Draft, 'others'> {
  const known = Array.isArray(given.variants) ? ofComparison : ofExperiment;
  const others = Object.entries(given).filter(([name]) => !known.includes(name));
  return others.length > 0 ? { others: Object.fromEntries(others) } : {};
}

const typesOf = {
  workload: 'object',
  requirements: 'list',
  variants: 'list',
  repetitions: 'number',
  seed: 'number',
};

/** What the form could not show it would lose. */
function demandTypes(given: Record<string, unknown>): void {
  for (const [name, type] of Object.entries(typesOf)) {
    const value = given[name];
    if (value !== undefined && typeOf(value) !== type) {
      throw new Error(`The file has no ${type} at ${jsonPointer([name])}.`);
    }
  }
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? 'list' : value === null ? 'nothing' : typeof value;
}

const ofVariant = ['name', 'technology', 'target', 'settings', 'sweep'];

function pick(given: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => names.includes(name)));
}

function variantOf(given: unknown, index: number, name: string): DraftVariant {
  const variant = objectOr(given, {});
  for (const field of ['settings', 'sweep']) {
    if (variant[field] !== undefined && typeOf(variant[field]) !== 'object') {
      throw new Error(`The file has no object at ${jsonPointer(['variants', index, field])}.`);
    }
  }
  if (typeof variant.technology !== 'string') {
    throw new Error(`The file names no technology at ${jsonPointer(['variants', index, 'technology'])}.`);
  }
  return {
    // What else it has is the server's to refuse.
    ...variant,
    name: typeof variant.name === 'string' ? variant.name : name || `variant ${index + 1}`,
    technology: variant.technology,
    target: typeof variant.target === 'string' ? variant.target : 'local',
    settings: objectOr(variant.settings, {}),
    ...(variant.sweep ? { sweep: objectOr(variant.sweep, {}) as Record<string, unknown[]> } : {}),
  };
}

function objectOr(value: unknown, fallback: Record<string, unknown>): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : fallback;
}

/** A name that no other variant has. */
export function freshName(base: string, variants: readonly DraftVariant[]): string {
  const taken = new Set(variants.map(({ name }) => name));
  for (let number = 2; ; number++) if (!taken.has(`${base} ${number}`)) return `${base} ${number}`;
}
