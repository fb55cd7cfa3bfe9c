import { z } from 'zod';
import { parseJson } from '../contracts/input/text/json-syntax.ts';
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
  await store.delete([...(await indexKeys(store, kind, id, await store.getText(record))), record]);
}

/**
 * Where the index has it. The record is read loosely: one that no schema of today takes can be deleted all the same, and of
 * one that is torn the whole index is looked through.
 */
async function indexKeys(
  store: ObjectStore,
  kind: 'experiments' | 'comparisons',
  id: string,
  record: string | null,
): Promise<string[]> {
  if (record === null) return [];
  const read = parseJson(record);
  const known = z.object({ submittedAt: z.iso.datetime() }).safeParse(read.ok ? read.value : null);
  if (known.success) return [s3Keys.index(kind, new Date(known.data.submittedAt), id)];
  const keys = await store.list(s3Keys.indexFolder(kind));
  const before = s3Keys.index(kind, new Date(), '.').indexOf('..json');
  return keys.filter((key) => key.slice(before) === `${id}.json`);
}

/** Whether one was deleted; Temporal may know its closed workflow for a while. */
export async function wasRemoved(
  store: ObjectStore,
  kind: 'experiments' | 'comparisons',
  id: string,
): Promise<boolean> {
  return (await store.getTagged(s3Keys.deleted(kind, id))) !== null;
}
