import { z } from 'zod';
import { explainIssue } from './explain-issue.ts';

/** RFC 9457 problem details. */
export const problemSchema = z.object({
  type: z.string().default('about:blank'),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  /** For invalid input: a JSON pointer (RFC 6901) to each field at fault, and what is wrong with it. */
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
});
export type Problem = z.infer<typeof problemSchema>;
export type FieldError = NonNullable<Problem['errors']>[number];

/** RFC 6901 pointer of a path, `/workload/load/messagesPerSecond`; empty for the whole document. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** What a schema makes of a value from outside, or every field at fault in the words of a person. */
export type ParsedInput<T> = { ok: true; value: T } | { ok: false; errors: FieldError[] };

/**
 * Parses input that a person wrote.
 * @example parseInput(experimentSchema, body)
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): ParsedInput<z.output<Schema>> {
  const parsed = schema.safeParse(input, { error: explainIssue });
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, errors: fieldErrors(parsed.error) };
}

/** One line a field at fault; in the words of a person when parsed with `explainIssue`, see `parseInput`. */
export function fieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.flatMap(issueErrors);
}

function issueErrors(issue: z.core.$ZodIssue): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    const lines = issue.message.split('\n');
    return issue.keys.map((key, index) => ({
      pointer: jsonPointer([...issue.path, key]),
      detail: lines.length === issue.keys.length ? (lines[index] ?? '') : 'is not known here',
    }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) return unionErrors(issue);
  return [{ pointer: jsonPointer(issue.path), detail: issue.message }];
}

/** A union is at fault in one of three ways: no choice was made, several were, or the chosen one is wrong inside. */
function unionErrors(issue: z.core.$ZodIssueInvalidUnion): FieldError[] {
  const { shared, own } = partedFaults(issue.errors);
  const told = shared.flatMap((inner) => issueErrors({ ...inner, path: [...issue.path, ...inner.path] }));
  return own.some((branch) => branch.length === 0) ? told : [...told, ...choiceErrors(issue.path, own)];
}

/** Faults that every branch finds alike, whichever was meant; and each branch's own. */
function partedFaults(branches: z.core.$ZodIssue[][]) {
  const isIn = (branch: z.core.$ZodIssue[], { path, message }: z.core.$ZodIssue) =>
    branch.some((other) => jsonPointer(other.path) === jsonPointer(path) && other.message === message);
  const shared = (branches[0] ?? []).filter((one) => branches.every((branch) => isIn(branch, one)));
  const own = branches.map((branch) => branch.filter((one) => !isIn(shared, one)));
  return { shared, own };
}

/** What is wrong with a choice, where the branches have nothing in common. */
function choiceErrors(path: PropertyKey[], branches: z.core.$ZodIssue[][]): FieldError[] {
  const pointer = jsonPointer(path);
  const single = branches.flatMap((branch) => (branch.length === 1 && branch[0] ? [branch[0]] : []));
  if (single.length === branches.length) {
    const keys = single.map((inner) => inner.path.join('.'));
    if (keys.every((key) => key === '')) {
      const values = single.flatMap((inner) =>
        inner.code === 'invalid_value' ? inner.values.map(String) : [],
      );
      if (values.length >= single.length) return [{ pointer, detail: `must be one of ${values.join(', ')}` }];
      const types = single.map((inner) => inner.message.replace(/^must be (.*), not .*$/, '$1'));
      if (single.every((inner) => inner.code === 'invalid_type')) {
        return [{ pointer, detail: `must be ${types.join(' or ')}` }];
      }
      const extra = single.flatMap((inner) => (inner.code === 'unrecognized_keys' ? inner.keys : []));
      if (extra.length === single.length) {
        return [{ pointer, detail: `takes only one of ${[...extra].reverse().join(', ')}` }];
      }
    } else if (single.every((inner) => inner.code === 'invalid_type') && new Set(keys).size === keys.length) {
      return [{ pointer, detail: `needs one of ${keys.join(', ')}` }];
    }
  }
  // The branch with the fewest faults is the one the user meant.
  const branch = [...branches].sort((a, b) => a.length - b.length)[0] ?? [];
  return branch.flatMap((inner) => issueErrors({ ...inner, path: [...path, ...inner.path] }));
}
