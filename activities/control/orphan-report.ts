import { type Orphans, orphansSchema, type StandingOrphan } from '../../src/contracts/documents/orphans.ts';
import { s3Keys } from '../../src/contracts/storage/s3-keys.ts';
import type { Orphan } from '../../src/contracts/temporal/control-activities.ts';
import type { ReaperReport } from '../../src/contracts/temporal/infrastructure-activities.ts';
import type { ObjectStore } from '../../src/storage/object-store.ts';

/** Writes what a look of the reaper could not destroy; since when, by the report before. */
export async function writeOrphanReport(
  store: Pick<ObjectStore, 'getText' | 'putJson'>,
  findings: ReaperReport['orphans'],
): Promise<void> {
  const before = readReport(await store.getText(s3Keys.reaperReport));
  const checkedAt = new Date().toISOString();
  await store.putJson(s3Keys.reaperReport, { checkedAt, orphans: standing(findings, before, checkedAt) });
}

/**
 * Adds what a look has found, and not destroyed yet, to what stood after the one before it, so that nobody is told that
 * nothing is left while something is.
 */
export async function noteFound(
  store: Pick<ObjectStore, 'getText' | 'putJson'>,
  found: readonly Orphan[],
): Promise<void> {
  const before = readReport(await store.getText(s3Keys.reaperReport));
  const known = new Set(before?.orphans.map(({ experimentId }) => experimentId));
  const fresh = found.filter(({ experimentId }) => !known.has(experimentId));
  if (fresh.length === 0) return;
  const checkedAt = new Date().toISOString();
  const message = 'It was found by the last look, and its destroy begins, or has begun.';
  const added = fresh.map(({ experimentId, items, problem }): StandingOrphan => {
    return { experimentId, foundAt: checkedAt, result: 'failed', message: problem ?? message, items };
  });
  await store.putJson(s3Keys.reaperReport, { checkedAt, orphans: [...(before?.orphans ?? []), ...added] });
}

/** A report that cannot be read is as good as none: only since when is lost with it. */
function readReport(text: string | null): Orphans | null {
  try {
    return orphansSchema.parse(JSON.parse(text ?? ''));
  } catch {
    return null;
  }
}

function standing(findings: ReaperReport['orphans'], before: Orphans | null, now: string): StandingOrphan[] {
  return findings.flatMap(({ experimentId, result, message, items }) => {
    if (result !== 'failed' && result !== 'needs-operator') return [];
    const known = before?.orphans.find((one) => one.experimentId === experimentId);
    return [{ experimentId, foundAt: known?.foundAt ?? now, result, message: message ?? '', items }];
  });
}
