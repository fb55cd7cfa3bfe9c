import { existsSync, readFileSync, rmSync } from 'node:fs';
import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';
import type { ObjectStore } from '../../../src/storage/object-store.ts';
import type { ExperimentFolder } from './experiment-folder.ts';

/** Copies what terraform could not write to its backend, for an attempt on another machine; this one keeps the file. */
export async function shipErroredState(
  store: ObjectStore,
  experimentId: string,
  folder: ExperimentFolder,
): Promise<void> {
  if (!existsSync(folder.erroredState)) return;
  await store.put(s3Keys.erroredState(experimentId), readFileSync(folder.erroredState)).catch(() => {});
}

/** Forgets a state that has been pushed, or that is behind what the backend has. */
export async function dropErroredState(
  store: ObjectStore,
  experimentId: string,
  folder: ExperimentFolder,
): Promise<void> {
  rmSync(folder.erroredState, { force: true });
  await store.delete([s3Keys.erroredState(experimentId)]);
}
