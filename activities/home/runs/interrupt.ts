import { hostname } from 'node:os';
import { join } from 'node:path';
import type { ProcessIdentity } from '../../../src/contracts/storage/process.ts';
import { writeJsonExclusive } from '../../../src/machine/atomic-file.ts';
import { signalProcess } from '../../../src/machine/end.ts';
import { runFolders } from '../folder/experiment-folder.ts';
import { nextStop } from './stop-decision.ts';
import { listRuns, lookAtRun, runFiles, type TerraformRun } from './terraform-run.ts';

/**
 * Sends terraform its SIGINT, unless somebody has: a second one makes it lose what is in flight. That it was sent is noted
 * before, for whoever comes later.
 * @param file `interrupt` of the run's files
 */
export function interruptOnce(file: string, terraform: ProcessIdentity): void {
  let first = true;
  try {
    first = writeJsonExclusive(file, { at: new Date().toISOString() });
  } catch (error) {
    // Not to end it strands more than a second signal, which a full disk makes possible, may lose.
    console.error('cannot note that terraform was interrupted:', error);
  }
  if (first) signalProcess(terraform, 'SIGINT');
}

/**
 * Ends what of an experiment's terraforms is past its hard limit and has nobody who ends it: its supervisor is gone, or is
 * stuck. One SIGINT, and SIGKILL at a look that comes later than the patience.
 */
export function stopOverdue(
  folderPath: string,
  runs: string,
  patienceMs: number,
  nowEpochMs: number = Date.now(),
): void {
  for (const number of listRuns(runs)) {
    const view = lookAtRun(folderPath, runs, number, hostname());
    if (view) stopIfOverdue(view, runFiles(runs, number).interrupt, patienceMs, nowEpochMs);
  }
}

/** As `stopOverdue`, for every experiment of a home: one whose runs cannot be read keeps no other from it. */
export function stopAllOverdue(home: string, patienceMs: number, nowEpochMs: number = Date.now()): void {
  for (const name of runFolders(home)) {
    const path = join(home, 'experiments', name);
    try {
      stopOverdue(path, join(path, 'runs'), patienceMs, nowEpochMs);
    } catch (error) {
      console.error(`cannot look at the terraform runs of ${name}:`, error);
    }
  }
}

function stopIfOverdue(
  { state, claim, liveTerraform, interruptedAtMs }: TerraformRun,
  interruptFile: string,
  patienceMs: number,
  nowMs: number,
): void {
  const hardLimitAtMs = Date.parse(claim.hardLimitAt);
  // A supervisor that lives past it, and past the time it may take, is stuck; its terraform is an orphan at the next look.
  if (state === 'supervised' && nowMs > hardLimitAtMs + 2 * patienceMs) {
    signalProcess(claim.supervisor, 'SIGKILL');
  }
  if (state !== 'orphaned' || !liveTerraform) return;
  const order = nextStop({
    nowMs,
    followedSinceMs: nowMs,
    cancelledAtMs: null,
    cancelGraceMs: null,
    stopAfterMs: null,
    askedAtMs: interruptedAtMs,
    hardLimitAtMs,
    patienceMs,
    orphaned: true,
  });
  if (order?.signal === 'SIGINT') interruptOnce(interruptFile, liveTerraform);
  else if (order) signalProcess(liveTerraform, order.signal);
}
