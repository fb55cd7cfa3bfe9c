import { readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { experimentEnvironment } from '../../../src/contracts/temporal/infrastructure-activities.ts';
import { signalProcess } from '../../../src/machine/end.ts';
import { launchedElsewhere, stopAllLaunched } from '../../../src/machine/launched.ts';
import { findVariableValues } from '../../../src/machine/scan.ts';
import { interruptOnce } from '../runs/interrupt.ts';
import { isOver, latestRun, runFiles } from '../runs/terraform-run.ts';

const lookEveryMs = 100;

/** Whether anything lives here that was started for an experiment of this home: terraform, brokers, load generators. */
export function livesHere(home: string): boolean {
  return findVariableValues(experimentEnvironment.runFolder, join(home, 'experiments')).length > 0;
}

/**
 * Ends in order what experiments have on a machine that is about to go, as a container does with its first process.
 * A terraform may go on until `interruptAt`; then it gets its one SIGINT, and writes its state. What launchers started is
 * ended with its records once no terraform lives, so that whoever comes next on this home finds nothing that might live
 * elsewhere, and does it again. No worker of this home may run here.
 * @param interruptAt, leaveBy of the wall clock, ms; at the second it returns, whatever still lives
 * @returns whether all of it has ended
 */
export async function leaveMachine(
  home: string,
  { interruptAt, leaveBy }: { interruptAt: number; leaveBy: number },
): Promise<boolean> {
  const asked = new Set<string>();
  for (;;) {
    const paths = experimentsOf(home);
    const settled = paths.filter((path) => settle(path, Date.now() >= interruptAt, asked));
    // A broker whose terraform still runs is that terraform's to end.
    for (const path of settled) {
      // Whether what was started elsewhere lives is for others to tell: its records stay.
      if (launchedElsewhere(path).length > 0) continue;
      await stopAllLaunched(path).catch((error) => console.error(`cannot end what runs in ${path}:`, error));
    }
    if (!livesHere(home)) return true;
    if (Date.now() >= leaveBy) return false;
    await delay(lookEveryMs);
  }
}

/** Whether no terraform of an experiment lives here; asks the one that does to stop, once. */
function settle(path: string, interrupt: boolean, asked: Set<string>): boolean {
  const runs = join(path, 'runs');
  const run = latestRun(path, runs, hostname());
  if (!run || isOver(run.state) || run.state === 'elsewhere') return true;
  if (!interrupt) return false;
  const once = `${path} ${run.state}`;
  if (asked.has(once)) return false;
  asked.add(once);
  if (run.state === 'supervised') signalProcess(run.claim.supervisor, 'SIGTERM');
  else if (run.liveTerraform) {
    interruptOnce(runFiles(runs, run.claim.number).interrupt, run.liveTerraform);
  }
  return false;
}

function experimentsOf(home: string): string[] {
  const folder = join(home, 'experiments');
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}
