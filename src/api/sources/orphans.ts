import type { OrphansAnswer } from '../../contracts/documents/api.ts';
import { orphansSchema } from '../../contracts/documents/orphans.ts';
import { s3Keys } from '../../contracts/storage/s3-keys.ts';
import type { ObjectStore } from '../../storage/object-store.ts';

/** What the reaper could not destroy, at its last look. @throws StorageUnavailable */
export async function readOrphans(store: ObjectStore): Promise<OrphansAnswer> {
  const document = await store.getJson(s3Keys.reaperReport);
  return document === null ? { checkedAt: null, orphans: [] } : orphansSchema.parse(document);
}
