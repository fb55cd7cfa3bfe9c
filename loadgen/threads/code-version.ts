import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/config.ts';

/** All that a thread runs and shares with the process that starts it. */
const folders = ['loadgen', 'src/contracts', 'src/technologies', 'src/machine', 'src/config.ts'];

/** A hash of the load generator's code as it lies on the disk now. */
export function codeVersion(): string {
  const hash = createHash('sha256');
  for (const file of folders.flatMap(filesOf)) {
    hash.update(`${file}\0`).update(readFileSync(join(projectRoot, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

function filesOf(part: string): string[] {
  if (part.endsWith('.ts')) return [part];
  return readdirSync(join(projectRoot, part), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(projectRoot.length + 1))
    .sort();
}
