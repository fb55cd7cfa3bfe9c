import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  type ChildWorkflowHandle,
  ParentClosePolicy,
  patched,
  sleep,
  startChild,
} from '@temporalio/workflow';
import type { Orphan } from '../../src/contracts/temporal/control-activities.ts';
import type { ReaperReport } from '../../src/contracts/temporal/infrastructure-activities.ts';
import { orphanWorkflowId } from '../../src/contracts/temporal/names.ts';
import { destruction, reaping } from '../activity-proxies.ts';
import { changes } from '../changes.ts';
import { type Finding, failed, finding, orphan } from './orphan.ts';

/** Terraforms that may work at once for orphans: each takes some processor time. */
const atOnce = 4;
/** For how long one is waited for; its destroy goes on after that, and the next look finds it or does not. */
const waitForMs = 5 * 60_000;

/** Finds what experiments left behind whose workflow no longer runs, and destroys it. */
export async function reaper(input?: { dryRun?: boolean }): Promise<ReaperReport> {
  const dryRun = input?.dryRun ?? false;
  const found = await reaping.findOrphans();
  if (dryRun) return { dryRun, orphans: found.map((one) => unlisted(one) ?? finding(one, 'found')) };
  if (!patched(changes.orphansByThemselves)) return { dryRun, orphans: await oneAfterAnother(found) };
  const orphans = await settleAll(found);
  await reaping.reportOrphans({ orphans });
  if (patched(changes.endExpired)) await reaping.endExpired();
  return { dryRun, orphans };
}

/** In the order in which they were found. */
async function settleAll(found: Orphan[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  let next = 0;
  const work = async () => {
    for (let index = next++; index < found.length; index = next++) {
      findings[index] = await settle(found[index] as Orphan);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return findings;
}

async function settle(found: Orphan): Promise<Finding> {
  const unknown = unlisted(found);
  if (unknown) return unknown;
  const underWay = finding(found, 'failed', 'Its destroy is still under way.');
  let child: ChildWorkflowHandle<typeof orphan>;
  try {
    child = await startChild(orphan, {
      workflowId: orphanWorkflowId(found.experimentId),
      args: [found],
      parentClosePolicy: ParentClosePolicy.ABANDON,
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return underWay;
    throw error;
  }
  return await Promise.race([
    child.result().catch((error: unknown) => failed(found, error)),
    sleep(waitForMs).then(() => underWay),
  ]);
}

/** What could not be listed can only be told; null for what was found. No release before 0.3.0 finds such. */
function unlisted(found: Orphan): Finding | null {
  return found.unlisted ? finding(found, 'failed', found.problem ?? null) : null;
}

/** As release 0.1.0 did. */
async function oneAfterAnother(found: Orphan[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const one of found) findings.push(await destroyAsked(one));
  return findings;
}

async function destroyAsked(found: Orphan): Promise<Finding> {
  const { experimentId, runId, spec } = found;
  if (spec === null) {
    const where = `the bucket has no record of it; look at its run folder, state/${experimentId}/ and its streams by hand`;
    return finding(found, 'needs-operator', where);
  }
  try {
    if (!(await reaping.isOrphan({ experimentId }))) return finding(found, 'running-again');
    await destruction(null).destroy({ experimentId, runId, spec });
    await reaping.closeOrphan({ experimentId });
    return finding(found, 'destroyed');
  } catch (error) {
    return failed(found, error);
  }
}
