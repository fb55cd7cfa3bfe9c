import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { createMiddleware } from 'hono/factory';
import type { z } from 'zod';
import { jsonPointer, parseInput } from '../../contracts/input/problem.ts';
import { findDuplicateKey, parseJson } from '../../contracts/input/text/json-syntax.ts';
import { HttpProblem, invalidInput } from './problems.ts';

/** A comparison of 500 variants says of each what it has, all defaults filled in where it is a copy. */
const comparisonLimit = bodyLimit({
  maxSize: 1024 * 1024,
  onError: () => {
    throw new HttpProblem(
      413,
      'The body is larger than 1 MiB; make it smaller: leave out settings that are the default, or have a sweep make variants that differ in one setting.',
    );
  },
});

const usualLimit = bodyLimit({
  maxSize: 64 * 1024,
  onError: () => {
    throw new HttpProblem(413, 'The body is larger than 64 KiB; make it smaller.');
  },
});

/** Refuses bodies beyond the limit with 413, whether or not they say their size. */
export const limitBody = createMiddleware((c, next) =>
  (c.req.path === '/api/comparisons' ? comparisonLimit : usualLimit)(c, next),
);

export interface JsonBody<T> {
  Variables: {
    /** The body by its schema, defaults filled in. */
    input: T;
    /** The body as it was sent. */
    rawBody: unknown;
  };
}

/**
 * Reads the body as JSON and checks it by a schema: 415 with the place where it is not JSON, or 422 naming every field.
 * Nothing else reads a body: to the OpenAPI layer it is only described, see `jsonContent`.
 * @param optional takes a request with an empty body, or a `null`, as `{}`, and JSON whatever its Content-Type says: what
 *   stops something is not refused for its form
 */
export function jsonBody<Schema extends z.ZodType>(schema: Schema, { optional = false } = {}) {
  return createMiddleware<JsonBody<z.output<Schema>>>(async (c, next) => {
    const bytes = await c.req.arrayBuffer();
    if (!optional) demandJson(c);
    const text = decodeUtf8(bytes);
    const isEmpty = text.trim() === '';
    if (optional && !isEmpty && !parseJson(text).ok) demandJson(c);
    if (isEmpty && !optional) throw notJson('The body is empty; send a JSON document.');
    const read = isEmpty ? {} : readJson(text);
    const raw = optional && read === null ? {} : read;
    const parsed = parseInput(schema, raw);
    if (!parsed.ok) throw invalidInput(parsed.errors);
    c.set('rawBody', raw);
    c.set('input', parsed.value);
    await next();
  });
}

/** Bytes that are no text would otherwise become replacement characters, in a name for instance. */
function decodeUtf8(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw notJson('The body is not text in UTF-8; send it in that encoding.', error);
  }
}

function demandJson(c: Context): void {
  const type = c.req.header('content-type');
  if (type === undefined || !/^application\/json\s*(;|$)/i.test(type)) {
    throw notJson(
      `The body must be JSON, sent with Content-Type: application/json${type ? `, not ${type}` : ''}.`,
    );
  }
  const coding = c.req.header('content-encoding');
  if (coding === undefined || /^(identity)?$/i.test(coding.trim())) return;
  throw new HttpProblem(415, `The body must be sent as it is, not with Content-Encoding: ${coding}.`, {
    headers: { 'Accept-Encoding': 'identity' },
  });
}

/** 415, by which the contract answers what is not JSON, whether by its type or by what it holds (RFC 9110, 15.5.16). */
function notJson(detail: string, cause?: unknown): HttpProblem {
  return new HttpProblem(415, detail, { headers: { 'Accept-Post': 'application/json' }, cause });
}

function readJson(text: string): unknown {
  const parsed = parseJson(text);
  if (!parsed.ok) {
    const { message, line, column } = parsed.fault;
    throw notJson(`The body is not JSON: ${message} at line ${line}, column ${column}.`);
  }
  const twice = findDuplicateKey(text);
  if (twice) {
    throw invalidInput([
      {
        pointer: jsonPointer(twice.path),
        detail: `is given twice, again at line ${twice.line}, column ${twice.column}; keep one of the two`,
      },
    ]);
  }
  return parsed.value;
}
