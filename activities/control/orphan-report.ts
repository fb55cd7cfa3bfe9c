import { type Orphans, orphansSchema, type StandingOrphan } from '../../src/contracts/documents/orphans.ts';
import { s3Keys } from '../../src/contracts/storage/s3-keys.ts';
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
