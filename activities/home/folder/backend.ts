import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExperimentFolder } from './experiment-folder.ts';

/** A folder, and the settings with which its terraform is to reach the state. */
export interface BackendPlace {
  folder: ExperimentFolder;
  backend: Record<string, unknown>;
}

/**
 * Writes the backend's settings; returns whether terraform must be initialized (again) with them. What an `init` that was
 * killed has left half made, it begins anew; no terraform may live.
 */
export function writeBackend({ folder, backend }: BackendPlace): boolean {
  const text = JSON.stringify(backend);
  writeFileSync(folder.backend, text, { mode: 0o600 });
  if (existsSync(initializedMark(folder))) return readFileSync(initializedMark(folder), 'utf8') !== text;
  rmSync(folder.terraformData, { recursive: true, force: true });
  rmSync(join(folder.root, '.terraform.lock.hcl'), { force: true });
  return true;
}

/** Notes that terraform was initialized with the backend's present settings. */
export function markInitialized({ folder, backend }: BackendPlace): void {
  writeFileSync(initializedMark(folder), JSON.stringify(backend), { mode: 0o600 });
}

function initializedMark(folder: ExperimentFolder): string {
  return `${folder.backend}.initialized`;
}
