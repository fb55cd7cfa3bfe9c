import type { ExperimentSpec } from '../../src/contracts/input/experiment.ts';
import { failureTypes, type Orphan } from '../../src/contracts/temporal/control-activities.ts';
import type { ReaperReport } from '../../src/contracts/temporal/infrastructure-activities.ts';
import { destruction, quiet, reaping } from '../activity-proxies.ts';
import { describeFailure, isOfType, operatorNotice } from '../failures.ts';

export type Finding = ReaperReport['orphans'][number];

/** Destroys what one experiment left behind: a workflow of its own, so that one that hangs keeps no other waiting. */
export async function orphan(found: Orphan): Promise<Finding> {
  const { experimentId, deadRunId = null, spec } = found;
  if (spec === null) {
    const why = found.problem ?? 'The bucket has no record of it.';
    const where = `Look at its run folder, state/${experimentId}/ and its streams by hand.`;
    return finding(found, 'needs-operator', `${why} ${where}`);
  }
  try {
    if (!(await destroyIt(found, spec))) return finding(found, 'running-again');
    await reaping.closeOrphan({ experimentId, deadRunId });
    return finding(found, 'destroyed');
  } catch (error) {
    return failed(found, error);
  }
}

/**
 * At the home that found it; what a release before 0.3.0 found says none. Where nobody there takes it up, the next look is
 * another home's, and finds it as that one's.
 */
async function destroyIt(found: Orphan, spec: ExperimentSpec): Promise<boolean> {
  const { experimentId, runId, deadRunId = null, home = null } = found;
  const dead = { experimentId, deadRunId, runId, spec };
  const { destroyOrphan } = destruction(home);
  if (home === null) return (await destroyOrphan(dead)).destroyed;
  try {
    return (await destroyOrphan({ ...dead, whileMeasured: 'tell' })).destroyed;
  } catch (error) {
    if (!isOfType(error, failureTypes.notQuiet)) throw error;
  }
  // Whatever keeps it from being seen keeps nobody from destroying.
  await quiet.awaitQuiet({ target: spec.target, experimentId }).catch(() => {});
  return (await destroyOrphan({ ...dead, whileMeasured: 'go-on' })).destroyed;
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
