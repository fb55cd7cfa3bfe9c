import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';

let counter = 0;

function writeTemporary(file: string, value: unknown): string {
  counter += 1;
  const temporary = `${file}.${process.pid}-${counter}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  return temporary;
}

/** Writes JSON, readable by this user only, so that a reader sees all of it or nothing. The folder must exist. */
export function writeJsonAtomic(file: string, value: unknown): void {
  const temporary = writeTemporary(file, value);
  try {
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** The same, where there is no such file yet. Returns whether there was none: of many writers one wins. */
export function writeJsonExclusive(file: string, value: unknown): boolean {
  const temporary = writeTemporary(file, value);
  try {
    linkSync(temporary, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Reads JSON of a known shape; null where there is no file. */
export function readJson<T>(file: string, schema: z.ZodType<T>): T | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return schema.parse(JSON.parse(text));
}

/** Makes the folder of a file. */
export function ensureFolderOf(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
}
