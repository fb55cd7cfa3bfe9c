import type { Draft } from './draft.ts';
import { fieldId, type Path, partsOfPointer } from './pointer.ts';

/**
 * Where in the draft stands what no field of the form shows, so that it can only be taken away; null for what has a
 * field, is no more there, or is missing.
 * @param pointer of a fault
 * @param fields ids of the form's fields
 */
export function unknownPart(pointer: string, draft: Draft, fields: readonly string[]): Path | null {
  const parts = partsOfPointer(pointer);
  const [first] = parts;
  if (first === undefined) return null;
  const own = fieldId(parts);
  const hasField = fields.some((id) => id === own || own.startsWith(`${id}/`) || id.startsWith(`${own}/`));
  if (hasField) return null;
  // Where it is an experiment that is sent, its only variant stands at the top.
  const places: Path[] = [parts, ['others', first], ['variants', 0, ...parts]];
  return places.find((path) => isThere(draft, path)) ?? null;
}

function isThere(document: unknown, path: Path): boolean {
  let value = document;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return false;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value !== undefined;
}
