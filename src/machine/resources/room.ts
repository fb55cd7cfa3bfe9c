import { existsSync, statfsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { dirname } from 'node:path';

/** What this machine has for an experiment whose files lie in a folder, which need not be there yet. */
export function roomOf(folder: string): { diskBytes: number; memoryBytes: number } {
  // A container may be given less than its machine has.
  const memoryBytes = process.constrainedMemory();
  const isConstrained = memoryBytes > 0 && memoryBytes < totalmem();
  return { diskBytes: freeDiskBytes(folder), memoryBytes: isConstrained ? memoryBytes : totalmem() };
}

/** Bytes that this user can still write where a folder is, or will be. */
function freeDiskBytes(folder: string): number {
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  const { bavail, bsize } = statfsSync(existing);
  return bavail * bsize;
}
