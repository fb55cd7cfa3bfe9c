import { z } from 'zod';
import { parseJson } from '../../../src/contracts/input/text/json-syntax.ts';
import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';
import type { ObjectStore } from '../../../src/storage/object-store.ts';

/** What must be known of a placement here. */
interface Place {
  elsewhere?: boolean;
}

/** What is known of an apply that has begun. */
export interface Begun {
  begun: boolean;
  /** Where it was to be made; empty where that is not noted. */
  begunAt: string[];
}

const noteSchema = z.object({ addresses: z.array(z.string()) });

/**
 * Notes, before the first apply can make anything in what is the user's own, that one is to begin, and where: what an
 * address leads to may be another thing by the time of the destroy.
 */
export async function noteBegun(
  store: ObjectStore,
  place: Place,
  experimentId: string,
  addresses: readonly string[],
): Promise<void> {
  if (!place.elsewhere) return;
  const { begunAt } = await readBegun(store, place, experimentId);
  const all = [...new Set([...begunAt, ...addresses])];
  await store.putJson(s3Keys.begun(experimentId), { at: new Date().toISOString(), addresses: all });
}

/** Whether an apply has begun, as far as the placement needs to know: true where it is not noted. */
export async function readBegun(store: ObjectStore, place: Place, experimentId: string): Promise<Begun> {
  if (!place.elsewhere) return { begun: true, begunAt: [] };
  const note = await store.getText(s3Keys.begun(experimentId));
  if (note === null) return { begun: false, begunAt: [] };
  return { begun: true, begunAt: addressesIn(note) };
}

/** A note that cannot be read, or that 0.3.0 made, still says that an apply has begun. */
function addressesIn(note: string): string[] {
  const read = parseJson(note);
  return noteSchema.safeParse(read.ok ? read.value : null).data?.addresses ?? [];
}

/** Whether it was noted, so that only a whole destroy can tell that nothing is left. */
export async function isNotedBegun(store: ObjectStore, experimentId: string): Promise<boolean> {
  return (await store.get(s3Keys.begun(experimentId))) !== null;
}
