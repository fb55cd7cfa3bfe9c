import { z } from 'zod';
import { s3Keys } from '../contracts/storage/s3-keys.ts';
import type { ObjectStore } from './object-store.ts';

/**
 * Removes everything that is stored of a closed experiment or comparison. Its record goes last: whoever is interrupted
 * finds it still there, and finishes by doing it again.
 */
export async function removeStored(
  store: ObjectStore,
  kind: 'experiments' | 'comparisons',
  id: string,
): Promise<void> {
  const record = kind === 'experiments' ? s3Keys.experiment(id) : s3Keys.comparison(id);
  const folders =
    kind === 'experiments' ? [s3Keys.experimentFolder(id), s3Keys.stateFolder(id)] : [`comparisons/${id}/`];
  const keys = (await Promise.all(folders.map((folder) => store.list(folder)))).flat();
  await store.putJson(s3Keys.deleted(kind, id), { deletedAt: new Date().toISOString() });
  await store.delete(keys.filter((key) => key !== record));
  // Read loosely: one that no schema of today takes can be deleted all the same.
  const known = z.object({ submittedAt: z.iso.datetime() }).safeParse(await store.getJson(record));
  if (known.success) await store.delete([s3Keys.index(kind, new Date(known.data.submittedAt), id)]);
  await store.delete([record]);
}

/** Whether one was deleted; Temporal may know its closed workflow for a while. */
export async function wasRemoved(
  store: ObjectStore,
  kind: 'experiments' | 'comparisons',
  id: string,
): Promise<boolean> {
  return (await store.getTagged(s3Keys.deleted(kind, id))) !== null;
}
