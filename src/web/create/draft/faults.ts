import { jsonPointer, type Path } from './pointer.ts';

/** What is wrong with a draft, by JSON pointers into it. */
export type Faults = ReadonlyMap<string, string>;

/** What is wrong at a path, or else at the first part of it where something is. */
export function faultWithin(faults: Faults, path: Path): string | undefined {
  const pointer = jsonPointer(path);
  const exact = faults.get(pointer);
  if (exact !== undefined) return exact;
  const [below, detail] = [...faults].find(([one]) => one.startsWith(`${pointer}/`)) ?? [];
  return below === undefined ? undefined : `${below.slice(pointer.length + 1)} ${detail}`;
}
