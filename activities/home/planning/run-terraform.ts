import { execa } from 'execa';
import { experimentEnvironment } from '../../../src/contracts/temporal/infrastructure-activities.ts';
import { signalProcess, waitUntilEnded } from '../../../src/machine/end.ts';
import type { ExperimentContext } from '../experiment-context.ts';
import { terraformFailure } from '../runs/follow-run.ts';
import { type Journal, parseJournal } from '../runs/journal.ts';
import { terraformMachinery } from '../runs/terraform-run.ts';

/** Marks terraforms that hold no lock and make nothing. */
const planRun = 'plan';
/** Nothing is lost with it. */
const patienceMs = 10_000;

/**
 * Runs a terraform command that changes nothing to its end, without a supervisor: it ends with us, and its providers too.
 * @param signal has terraform end; the error is then `signal`'s own
 * @returns what it printed, and that read as a journal
 * @throws TerraformFailedError with terraform's own diagnostics
 */
export async function runTerraform(
  { folder, environment, entryContext, limits }: ExperimentContext,
  args: string[],
  signal: AbortSignal,
): Promise<{ output: string; journal: Journal }> {
  signal.throwIfAborted();
  const command = args[0] ?? '';
  try {
    const result = await execa(entryContext.tools.terraform, [`-chdir=${folder.root}`, ...args], {
      cwd: folder.root,
      env: { ...environment, [experimentEnvironment.terraformRun]: planRun },
      extendEnv: false,
      stdin: 'ignore',
      // A Ctrl-C of the terminal is ours alone: a second SIGINT has terraform leave its providers behind.
      detached: true,
      cancelSignal: signal,
      killSignal: 'SIGINT',
      forceKillAfterDelay: patienceMs,
      timeout: limits.runMs,
      maxBuffer: 256 * 1024 * 1024,
      reject: false,
    });
    signal.throwIfAborted();
    const journal = parseJournal(`${result.stdout}\n${result.stderr}`);
    if (!result.failed) return { output: result.stdout, journal };
    const { exitCode = null, signal: killedBy = null } = result;
    const neverBegan = exitCode === null && killedBy === null && !result.timedOut;
    throw terraformFailure(
      command,
      {
        exits: [{ command, exitCode, signal: killedBy }],
        stopped: result.timedOut ? 'time-limit' : null,
        message: neverBegan ? (result.originalMessage ?? result.shortMessage ?? '') : null,
      },
      journal,
    );
  } finally {
    await endMachinery(folder.path);
  }
}

/** Ends what a terraform that was killed has left: it would write into the folder while that is removed. */
async function endMachinery(folderPath: string): Promise<void> {
  const left = terraformMachinery(folderPath);
  for (const { identity } of left) signalProcess(identity, 'SIGKILL');
  await Promise.all(left.map(({ identity }) => waitUntilEnded(identity, 5_000)));
}
