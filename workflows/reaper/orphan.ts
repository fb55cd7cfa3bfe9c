import type { Orphan } from '../../src/contracts/temporal/control-activities.ts';
import type { ReaperReport } from '../../src/contracts/temporal/infrastructure-activities.ts';
import { destruction, reaping } from '../activity-proxies.ts';
import { describeFailure, operatorNotice } from '../failures.ts';

export type Finding = ReaperReport['orphans'][number];

/** Destroys what one experiment left behind: a workflow of its own, so that one that hangs keeps no other waiting. */
export async function orphan(found: Orphan): Promise<Finding> {
  const { experimentId, runId, deadRunId = null, spec } = found;
  if (spec === null) {
    const why = found.problem ?? 'The bucket has no record of it.';
    const where = `Look at its run folder, state/${experimentId}/ and its streams by hand.`;
    return finding(found, 'needs-operator', `${why} ${where}`);
  }
  try {
    const { destroyed } = await destruction.destroyOrphan({ experimentId, deadRunId, runId, spec });
    if (!destroyed) return finding(found, 'running-again');
    await reaping.closeOrphan({ experimentId, deadRunId });
    return finding(found, 'destroyed');
  } catch (error) {
    return failed(found, error);
  }
}

/** What an orphan comes to that could not be destroyed; a later look tries again. */
export function failed(found: Orphan, error: unknown): Finding {
  const notice = operatorNotice(error);
  if (notice) return finding(found, 'needs-operator', [notice.reason, ...notice.actions].join(' '));
  return finding(found, 'failed', describeFailure(error, 'destroying').message);
}

export function finding(
  { experimentId, items }: Orphan,
  result: Finding['result'],
  message: string | null = null,
): Finding {
  return { experimentId, items, result, message };
}
