import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';
import type { ObjectStore } from '../../../src/storage/object-store.ts';

/** What must be known of a placement here. */
interface Place {
  elsewhere?: boolean;
}

/** Notes, before the first apply can make anything in what is the user's own, that one is to begin. */
export async function noteBegun(store: ObjectStore, place: Place, experimentId: string): Promise<void> {
  if (place.elsewhere) await store.putJson(s3Keys.begun(experimentId), { at: new Date().toISOString() });
}

/** Whether an apply has begun, as far as the placement needs to know: true where it is not noted. */
export async function hasBegun(store: ObjectStore, place: Place, experimentId: string): Promise<boolean> {
  return !place.elsewhere || (await isNotedBegun(store, experimentId));
}

/** Whether it was noted, so that only a whole destroy can tell that nothing is left. */
export async function isNotedBegun(store: ObjectStore, experimentId: string): Promise<boolean> {
  return (await store.get(s3Keys.begun(experimentId))) !== null;
}
