import type { OrphanAnswer, OrphansAnswer } from '../../contracts/documents/api.ts';
import { type Orphans, orphansSchema, type StandingOrphan } from '../../contracts/documents/orphans.ts';
import { parseJson } from '../../contracts/input/text/json-syntax.ts';
import { s3Keys } from '../../contracts/storage/s3-keys.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import { type TemporalGateway, TemporalUnavailable } from './temporal-gateway.ts';

/**
 * What the reaper could not destroy, at its last look; null before its first, and where it cannot be read, until the next.
 * @throws StorageUnavailable
 */
export async function readOrphans(store: ObjectStore): Promise<Orphans | null> {
  const read = parseJson((await store.getText(s3Keys.reaperReport)) ?? '');
  return read.ok ? (orphansSchema.safeParse(read.value).data ?? null) : null;
}

/** The same with when it looks next, where Temporal says it. */
export async function orphansAnswer({
  store,
  gateway,
}: {
  store: ObjectStore;
  gateway: Pick<TemporalGateway, 'nextReap'>;
}): Promise<OrphansAnswer> {
  const known = await readOrphans(store);
  if (known === null) return { items: [], checkedAt: null };
  const next = known.orphans.length === 0 ? null : await gateway.nextReap().catch(nullIfUnavailable);
  return { items: known.orphans.map((orphan) => answerOf(orphan, next)), checkedAt: known.checkedAt };
}

function answerOf(
  { experimentId, foundAt, result, message, items }: StandingOrphan,
  next: Date | null,
): OrphanAnswer {
  return {
    experimentId,
    found: items,
    reason: message || 'its destroy has failed; the log of the worker says more',
    since: foundAt,
    nextTryAt: (result === 'failed' && next?.toISOString()) || null,
  };
}

function nullIfUnavailable(error: unknown): null {
  if (error instanceof TemporalUnavailable) return null;
  throw error;
}
