import type { Orphan } from '../../src/contracts/temporal/control-activities.ts';
import type { ReaperReport } from '../../src/contracts/temporal/infrastructure-activities.ts';
import { destruction, reaping } from '../activity-proxies.ts';
import { describeFailure, operatorNotice } from '../failures.ts';

type Finding = ReaperReport['orphans'][number];

/** Finds what experiments left behind whose workflow no longer runs, and destroys it. */
export async function reaper(input?: { dryRun?: boolean }): Promise<ReaperReport> {
  const dryRun = input?.dryRun ?? false;
  const orphans: Finding[] = [];
  for (const orphan of await reaping.findOrphans()) {
    orphans.push(dryRun ? finding(orphan, 'found') : await destroyOrphan(orphan));
  }
  return { dryRun, orphans };
}

/** One that cannot be destroyed keeps no other from it; the next run tries again. */
async function destroyOrphan(orphan: Orphan): Promise<Finding> {
  const { experimentId, runId, spec } = orphan;
  if (spec === null) {
    const where = `the bucket has no record of it; look at its run folder, state/${experimentId}/ and its streams by hand`;
    return finding(orphan, 'needs-operator', where);
  }
  try {
    if (!(await reaping.isOrphan({ experimentId }))) return finding(orphan, 'running-again');
    await destruction.destroy({ experimentId, runId, spec });
    await reaping.closeOrphan({ experimentId });
    return finding(orphan, 'destroyed');
  } catch (error) {
    const notice = operatorNotice(error);
    if (notice) return finding(orphan, 'needs-operator', [notice.reason, ...notice.actions].join(' '));
    return finding(orphan, 'failed', describeFailure(error, 'destroying').message);
  }
}

function finding(
  { experimentId, items }: Orphan,
  result: Finding['result'],
  message: string | null = null,
): Finding {
  return { experimentId, items, result, message };
}
