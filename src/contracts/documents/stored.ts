import type { z } from 'zod';

/**
 * A schema to read back what an earlier or a later release has accepted: fields that are no longer known stay, those
 * that came since get their defaults, and no value is judged again. Accepting is for the schema itself.
 */
export function asStored<Schema extends z.ZodType>(schema: Schema) {
  return schema.catch(({ value }) => {
    const valid = validPart(schema, value);
    return (valid === null ? value : overlaid(value, valid)) as z.output<Schema>;
  });
}

/** What a schema makes of a document without the fields that it refuses; null where it cannot do without them. */
export function validPart<Schema extends z.ZodType>(
  schema: Schema,
  document: unknown,
): z.output<Schema> | null {
  const whole = schema.safeParse(document);
  if (whole.success) return whole.data;
  const part = structuredClone(document);
  for (const issue of whole.error.issues) {
    if (issue.code === 'unrecognized_keys') for (const key of issue.keys) remove(part, [...issue.path, key]);
    else remove(part, issue.path);
  }
  return schema.safeParse(part).data ?? null;
}

function remove(document: unknown, path: PropertyKey[]): void {
  let holder = document;
  for (const key of path.slice(0, -1)) holder = isRecord(holder) ? holder[key] : undefined;
  const last = path.at(-1);
  if (last !== undefined && isRecord(holder)) delete holder[last];
}

/** The document, and what the other one has beside it. */
function overlaid(document: unknown, other: unknown): unknown {
  if (Array.isArray(document) && Array.isArray(other)) {
    return document.map((item, index) => overlaid(item, other[index]));
  }
  if (!isRecord(document) || !isRecord(other)) return document;
  const own = Object.entries(document).map(([key, value]) => [key, overlaid(value, other[key])]);
  return { ...other, ...Object.fromEntries(own) };
}

function isRecord(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null;
}
