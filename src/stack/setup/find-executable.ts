import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** Looks a program up as a shell would. Returns its absolute path, or null when the PATH does not have it. */
export function findExecutable(name: string, path: string | undefined): string | null {
  for (const folder of (path ?? '').split(delimiter)) {
    // Relative folders on a PATH would mean another program in every working folder.
    if (!isAbsolute(folder)) continue;
    const file = join(folder, name);
    if (isExecutable(file)) return file;
  }
  return null;
}

/** Whether this is a file that we may execute. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
