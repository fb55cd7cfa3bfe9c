import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A Unix socket's path has at most 107 bytes (103 on macOS); terraform's providers listen on `plugin-dir…/plugin…`. */
const longestTemporaryFolder = 103 - '/plugin-dir1234567890/plugin1234567890'.length;
const oldMs = 24 * 3_600_000;

/**
 * Where terraform, its providers and what they start put temporary files, so that those of a killed one do not stay in the
 * system's folder; null where the home's path is too long for a provider's socket.
 */
export function temporaryFolder(home: string): string | null {
  const folder = join(home, 'tmp');
  return Buffer.byteLength(folder) <= longestTemporaryFolder ? folder : null;
}

/** Makes the folder, and removes from it what no terraform can need any more: each runs for minutes. */
export function prepareTemporaryFolder(home: string, nowEpochMs = Date.now()): void {
  const folder = temporaryFolder(home);
  if (folder === null) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (changed !== undefined && nowEpochMs - changed > oldMs) rmSync(path, { recursive: true, force: true });
  }
}
