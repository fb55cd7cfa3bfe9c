import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A hash of files and of what lies below folders, by their names and contents.
 * @param parts paths below `root`
 * @param ending of the names of the files that count; all do without
 * @returns SHA-256 in hex
 */
export function sourceHash(root: string, parts: readonly string[], ending = ''): string {
  const hash = createHash('sha256');
  for (const file of parts.flatMap((part) => filesOf(root, part, ending))) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

function filesOf(root: string, part: string, ending: string): string[] {
  if (statSync(join(root, part)).isFile()) return [part];
  return readdirSync(join(root, part), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}
