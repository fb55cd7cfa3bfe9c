import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { ExperimentFolder } from './experiment-folder.ts';

/** A folder, and the settings with which its terraform is to reach the state. */
export interface BackendPlace {
  folder: ExperimentFolder;
  backend: Record<string, unknown>;
}

/** Writes the backend's settings; returns whether terraform must be initialized (again) with them. */
export function writeBackend({ folder, backend }: BackendPlace): boolean {
  const text = JSON.stringify(backend);
  writeFileSync(folder.backend, text, { mode: 0o600 });
  return !existsSync(initializedMark(folder)) || readFileSync(initializedMark(folder), 'utf8') !== text;
}

/** Notes that terraform was initialized with the backend's present settings. */
export function markInitialized({ folder, backend }: BackendPlace): void {
  writeFileSync(initializedMark(folder), JSON.stringify(backend), { mode: 0o600 });
}

function initializedMark(folder: ExperimentFolder): string {
  return `${folder.backend}.initialized`;
}
