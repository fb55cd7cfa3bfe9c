import type { z } from 'zod';

/**
 * Says what is wrong with a value in the words of a person; for the `error` option of zod's parse functions.
 * The message of `unrecognized_keys` has one line for each key, so that each can have a hint of its own.
 */
export const explainIssue: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is required' : wrongType(issue.input, issue.expected, issue.inst);
    case 'invalid_value':
      if (issue.input === undefined) return required(issue.values.map(String));
      return `must be ${oneOf(issue.values.map(String))}${suggestion(issue.input, issue.values.map(String))}`;
    case 'invalid_union': {
      // Only a union that is chosen by one field says which field, and its values.
      const { discriminator, options: values } = issue as { discriminator?: string; options?: unknown[] };
      if (discriminator === undefined || !values) return undefined;
      const options = values.map(String);
      const given = (issue.input as Record<string, unknown>)[discriminator];
      return given === undefined
        ? required(options)
        : `must be ${oneOf(options)}${suggestion(given, options)}`;
    }
    case 'unrecognized_keys': {
      const known = knownKeys(issue.inst);
      return issue.keys.map((key) => `is not known here${suggestion(key, known) || list(known)}`).join('\n');
    }
    case 'too_small':
      return `must ${issue.origin === 'array' ? 'have' : 'be'} ${issue.inclusive ? 'at least' : 'more than'} ${quantity(issue.minimum, issue.origin)}`;
    case 'too_big':
      return `must ${issue.origin === 'array' ? 'have' : 'be'} ${issue.inclusive ? 'at most' : 'less than'} ${quantity(issue.maximum, issue.origin)}`;
    default:
      return undefined;
  }
};

/** `; did you mean X?` when one of the candidates is close to what was given, else nothing. */
export function suggestion(given: unknown, candidates: readonly string[]): string {
  if (typeof given !== 'string') return '';
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(given.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(2, best.candidate.length / 3)
    ? `; did you mean ${best.candidate}?`
    : '';
}

/** Edits (insert, delete, replace) between two short words. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 20 || a.length > 100) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Keys that the schema at fault would take: an object's fields, or a record's keys where they are listed. */
function knownKeys(schema: unknown): string[] {
  const def = (
    schema as { _zod?: { def?: { shape?: object; keyType?: { _zod: { values?: Set<unknown> } } } } }
  )?._zod?.def;
  if (def?.shape) return Object.keys(def.shape);
  return [...(def?.keyType?._zod.values ?? [])].map(String);
}

function list(keys: readonly string[]): string {
  return keys.length === 0 ? '; remove it' : `; known here: ${keys.join(', ')}`;
}

function required(values: readonly string[]): string {
  return values.length === 0 ? 'is required' : `is required, ${oneOf(values)}`;
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? `${values[0]}` : `one of ${values.join(', ')}`;
}

const nouns: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/** A type's name with its article, `a number`. */
function article(type: string): string {
  return nouns[type] ?? `a ${type}`;
}

function wrongType(value: unknown, expected: string, schema: unknown): string {
  const isNumber = typeof value === 'number';
  // A query's text that is no number becomes NaN; elsewhere only YAML has such numbers.
  const coerced = (schema as { _zod?: { def?: { coerce?: boolean } } })?._zod?.def?.coerce === true;
  if (isNumber && !Number.isFinite(value) && !coerced) {
    return `must be a finite number, not ${value}`;
  }
  return `must be ${article(expected)}, not ${describe(value, expected)}`;
}

function describe(value: unknown, expected: string): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (Number.isNaN(value)) return 'text'; // what a query string's text becomes that is no number
  // Where some number is wanted, the wrong one is best shown.
  if (typeof value === 'number' && (expected === 'number' || expected === 'int')) return String(value);
  return article(typeof value);
}

function quantity(bound: number | bigint, origin: string): string {
  const noun = origin === 'string' ? ' character' : origin === 'array' ? ' item' : '';
  return `${bound}${noun}${noun && Number(bound) !== 1 ? 's' : ''}`;
}
