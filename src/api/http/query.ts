import type { HonoRequest } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { z } from 'zod';
import { type FieldError, parseInput } from '../../contracts/input/problem.ts';
import { invalidInput } from './problems.ts';

interface QueryOptions {
  /** Fields that may be given several times. */
  lists?: readonly string[];
  /** Whether a field without a value, as an empty field of a form sends it, is one that was not given. */
  emptyIsAbsent?: boolean;
}

/**
 * Checks the query string by a schema: 422 naming every field. A field given several times is a list.
 */
export function query<Schema extends z.ZodType>(
  schema: Schema,
  { lists = [], emptyIsAbsent = false }: QueryOptions = {},
) {
  return createMiddleware<{ Variables: { query: z.output<Schema> } }>(async (c, next) => {
    if (emptyIsAbsent) leaveOutEmpty(c.req);
    const queries = c.req.queries();
    const given = Object.entries(queries).map(([name, values]) => [
      name,
      values.length === 1 ? values[0] : values,
    ]);
    const parsed = parseInput(schema, Object.fromEntries(given));
    if (!parsed.ok)
      throw invalidInput(
        parsed.errors.map((error) => explain(error, queries, lists)),
        'query',
      );
    c.set('query', parsed.value);
    await next();
  });
}

/** The framework checks the query by the schema once more, from the request itself. */
function leaveOutEmpty(request: HonoRequest): void {
  const url = new URL(request.url);
  const empty = [...url.searchParams].filter(([, value]) => value === '');
  if (empty.length === 0) return;
  for (const [name] of empty) url.searchParams.delete(name, '');
  request.raw = new Request(url, { headers: request.raw.headers });
}

/** What is wrong with a value is of no use to whoever gave two of them, or none. */
function explain(error: FieldError, queries: Record<string, string[]>, lists: readonly string[]): FieldError {
  const { pointer, detail } = error;
  const name = pointer.slice(1);
  const values = queries[name] ?? [];
  if (lists.includes(name) || detail.startsWith('is not known here')) return error;
  if (values.length > 1) {
    return {
      pointer,
      detail: `is given ${values.length === 2 ? 'twice' : `${values.length} times`}; give it once`,
    };
  }
  return values[0] === ''
    ? { pointer, detail: `is empty; leave it out, or give it a value: it ${detail}` }
    : error;
}
