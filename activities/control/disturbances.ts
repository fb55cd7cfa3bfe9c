import { z } from 'zod';
import { loadPhases } from '../../src/contracts/documents/phases.ts';
import type { TimelineEntry } from '../../src/contracts/documents/progress.ts';
import { s3Keys } from '../../src/contracts/storage/s3-keys.ts';
import type { ObjectStore } from '../../src/storage/object-store.ts';

const disturbanceSchema = z.object({ by: z.string(), from: z.iso.datetime(), until: z.iso.datetime() });

/**
 * What disturbed an experiment while its load ran the last time, a sentence each.
 * @param timeline of its run
 */
export async function readDisturbances(
  store: Pick<ObjectStore, 'list' | 'getJson'>,
  experimentId: string,
  timeline: readonly TimelineEntry[],
): Promise<string[]> {
  const last = timeline.findLast(({ phase }) => phase === loadPhases[0]);
  const end = timeline.findLast(({ phase }) => loadPhases.includes(phase))?.endedAt;
  if (!last) return [];
  const keys = await store.list(s3Keys.disturbances(experimentId));
  const found = await Promise.all(keys.map((key) => store.getJson(key)));
  return found.flatMap((one) => {
    // What cannot be read disturbs nothing more.
    const { success, data } = disturbanceSchema.safeParse(one);
    if (!success || data.until < last.startedAt || (end && data.from > end)) return [];
    return [`${data.by} was destroyed at the same time, from ${data.from} until at least ${data.until}`];
  });
}
