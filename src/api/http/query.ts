import { createMiddleware } from 'hono/factory';
import type { z } from 'zod';
import { type FieldError, parseInput } from '../../contracts/input/problem.ts';
import { invalidInput } from './problems.ts';

/**
 * Checks the query string by a schema: 422 naming every field. A field given several times is a list.
 * @param lists fields that may be given several times
 */
export function query<Schema extends z.ZodType>(schema: Schema, { lists = [] as readonly string[] } = {}) {
  return createMiddleware<{ Variables: { query: z.output<Schema> } }>(async (c, next) => {
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
