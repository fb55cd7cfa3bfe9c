import type { Draft, DraftVariant } from './draft.ts';
import { jsonPointer, type Path } from './pointer.ts';

/** What the form cannot show; `pointer` says where in the document that is. */
export class UnfitError extends Error {
  override name = 'UnfitError';
  readonly pointer: string;

  constructor(message: string, path: Path) {
    super(message);
    this.pointer = jsonPointer(path);
  }
}

/**
 * A document from outside as a draft; an experiment becomes its only variant. What the form does not show stays, for the
 * server to judge.
 * @throws UnfitError where it holds what no form could show
 */
export function draftOf(document: unknown): Draft {
  if (typeOf(document) !== 'object') {
    throw new UnfitError('The file holds no experiment and no comparison.', []);
  }
  const given = document as Given;
  demandTypes(given, [], typesOfDocument);
  demandWorkload(given.workload ?? {});
  demandRequirements(given.requirements ?? []);
  const { name = '', workload = {}, requirements = [], repetitions = 1, seed, variants, ...rest } = given;
  const { technology, target, settings, sweep, ...beside } = rest;
  const others = variants ? rest : beside;
  return {
    name,
    workload,
    requirements: requirements as Draft['requirements'],
    variants: (variants ?? [{ name, technology, target, settings, sweep }]).map((variant, index) =>
      variantOf(variant, index, name),
    ),
    repetitions,
    ...(seed === undefined ? {} : { seed }),
    ...(Object.keys(others).length > 0 ? { others } : {}),
  };
}

/** A document of which the types of its own fields have been looked at. */
type Given = Partial<Omit<Draft, 'requirements' | 'variants' | 'others'>> & {
  requirements?: unknown[];
  variants?: unknown[];
} & Record<string, unknown>;

type TypeName = 'object' | 'list' | 'number' | 'text';

const articled: Record<TypeName, string> = {
  object: 'an object',
  list: 'a list',
  number: 'a number',
  text: 'a text',
};

const typesOfDocument: Record<string, TypeName> = {
  name: 'text',
  workload: 'object',
  requirements: 'list',
  variants: 'list',
  repetitions: 'number',
  seed: 'number',
};
const typesOfWorkload: Record<string, TypeName> = { load: 'object', keys: 'object', payload: 'object' };
const typesOfLoad: Record<string, TypeName> = { shape: 'text', steps: 'list' };
const typesOfRequirement: Record<string, TypeName> = { metric: 'text' };
const typesOfVariant: Record<string, TypeName> = {
  name: 'text',
  technology: 'text',
  target: 'text',
  settings: 'object',
  sweep: 'object',
};

function demandWorkload(workload: Record<string, unknown>): void {
  demandTypes(workload, ['workload'], typesOfWorkload);
  const load = (workload.load ?? {}) as Record<string, unknown>;
  demandTypes(load, ['workload', 'load'], typesOfLoad);
  ((load.steps ?? []) as unknown[]).forEach((step, index) => {
    demandType(step, ['workload', 'load', 'steps', index], 'object');
  });
}

function demandRequirements(requirements: readonly unknown[]): void {
  requirements.forEach((requirement, index) => {
    demandType(requirement, ['requirements', index], 'object');
    demandTypes(requirement as Record<string, unknown>, ['requirements', index], typesOfRequirement);
  });
}

function demandTypes(given: Record<string, unknown>, path: Path, types: Record<string, TypeName>): void {
  for (const [name, type] of Object.entries(types)) {
    if (given[name] !== undefined) demandType(given[name], [...path, name], type);
  }
}

function demandType(value: unknown, path: Path, type: TypeName): void {
  if (typeOf(value) === type) return;
  throw new UnfitError(`${inFile(path)} must be ${articled[type]}, not ${shown(value)}.`, path);
}

/** A path as a person finds it in a file: `requirements, item 1, metric`. */
function inFile(path: Path): string {
  return path.map((part) => (typeof part === 'number' ? `item ${part + 1}` : part)).join(', ');
}

function typeOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'list';
  return typeof value === 'string' ? 'text' : typeof value;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function variantOf(given: unknown, index: number, documentName: string): DraftVariant {
  const path = ['variants', index] as const;
  demandType(given, path, 'object');
  const variant = given as Partial<DraftVariant> & Record<string, unknown>;
  demandTypes(variant, path, typesOfVariant);
  for (const [setting, values] of Object.entries(variant.sweep ?? {})) {
    demandType(values, [...path, 'sweep', setting], 'list');
  }
  const { technology, name = documentName, target = 'local', settings = {} } = variant;
  if (technology === undefined) {
    throw new UnfitError(`${inFile(path)} names no technology.`, [...path, 'technology']);
  }
  return { ...variant, name: name || `variant ${index + 1}`, technology, target, settings };
}
