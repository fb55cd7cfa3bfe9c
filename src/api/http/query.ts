import { createMiddleware } from 'hono/factory';
import type { z } from 'zod';
import { parseInput } from '../../contracts/input/problem.ts';
import { invalidInput } from './problems.ts';

/** Checks the query string by a schema: 422 naming every field. A field given several times is a list. */
export function query<Schema extends z.ZodType>(schema: Schema) {
  return createMiddleware<{ Variables: { query: z.output<Schema> } }>(async (c, next) => {
    const given = Object.entries(c.req.queries()).map(([name, values]) => [
      name,
      values.length === 1 ? values[0] : values,
    ]);
    const parsed = parseInput(schema, Object.fromEntries(given));
    if (!parsed.ok) throw invalidInput(parsed.errors, 'query');
    c.set('query', parsed.value);
    await next();
  });
}
