import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

/** Who may read a file: this user only, or everybody. */
export type FileMode = 0o600 | 0o644;

let counter = 0;

/**
 * Writes a text so that a reader sees the old content or the new, never a part of it, also after a loss of power.
 * The folder must exist: one that was removed does not come back by a late writer.
 */
export function writeTextAtomic(file: string, text: string, mode: FileMode = 0o600): void {
  place(file, text, mode, renameSync);
}

/** Writes JSON as {@link writeTextAtomic} writes text. */
export function writeJsonAtomic(file: string, value: unknown, mode: FileMode = 0o600): void {
  writeTextAtomic(file, jsonText(value), mode);
}

/** Writes JSON, whole, where there is no such file yet. Returns whether there was none: of many writers one wins. */
export function writeJsonExclusive(file: string, value: unknown): boolean {
  try {
    place(file, jsonText(value), 0o600, linkSync);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Reads JSON of a known shape; null where there is no file. */
export function readJson<T>(file: string, schema: z.ZodType<T>): T | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    // Not every such message names the file that is in the way.
    throw new Error(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  return schema.parse(JSON.parse(text));
}

/** As {@link readJson}; null also where a crash or another release has left something else. */
export function readJsonOrNull<T>(file: string, schema: z.ZodType<T>): T | null {
  try {
    return readJson(file, schema);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Writes beside the file, then gives it its name in one step. */
function place(
  file: string,
  text: string,
  mode: FileMode,
  giveName: (from: string, to: string) => void,
): void {
  counter += 1;
  const temporary = `${file}.${process.pid}-${counter}.tmp`;
  try {
    // On disk before it has its name: file systems may else keep the name and lose the content.
    writeFileSync(temporary, text, { mode, flush: true });
    giveName(temporary, file);
  } finally {
    rmSync(temporary, { force: true });
  }
  syncToDisk(dirname(file));
}

/** Has a file's content, or the names in a folder, on disk before it returns. */
export function syncToDisk(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
