/**
 * The control worker as the first process of a container: `worker.ts [GRACE_SECONDS]`. Elsewhere, what experiments have
 * started outlives a worker, and waits for the next; here it would end with the container. So this starts the worker
 * as a child, starts it again where it crashed while something of an experiment lives, and on SIGTERM has the worker end,
 * then lets terraform finish or write its state, then ends the rest in order.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { leaveMachine, livesHere } from '../../activities/home/leaving/leave.ts';
import { projectRoot, readConfig } from '../config.ts';
import { writeCliConfiguration } from '../stack/setup/terraform/terraform.ts';
import { reportFatal, UserError, wrongUse } from '../user-error.ts';

/** What Docker, told so, and ECS give a container between SIGTERM and SIGKILL; less what ending itself takes. */
const defaultGraceSeconds = 110;
/** From a terraform's SIGINT to the end of the grace: a provider ends what it is about, and the state is written. */
const interruptBeforeEndMs = 60_000;
const restartAfterMs = 2_000;

/** Signals that end the container. */
const endingSignals = ['SIGTERM', 'SIGINT'] as const;

async function main(argument: string | undefined): Promise<number> {
  const graceMs = 1_000 * graceSeconds(argument);
  const config = readConfig();
  mkdirSync(config.home, { recursive: true });
  // One spelling: processes are found by their run folder's path.
  const home = realpathSync(config.home);
  writeCliConfiguration(config);

  let endingSinceMs: number | null = null;
  let child: ChildProcess | null = null;
  for (const signal of endingSignals) {
    process.on(signal, () => {
      endingSinceMs ??= Date.now();
      child?.kill(signal);
    });
  }
  let code = 0;
  while (endingSinceMs === null) {
    child = spawn(process.execPath, [join(projectRoot, 'src', 'worker.ts')], { stdio: 'inherit' });
    code = await exitCode(child);
    // One whose end takes nothing along is begun again by whoever runs the container.
    if (endingSinceMs !== null || code === 0 || !livesHere(home)) break;
    console.error(
      `The worker ended with ${code}, while something of experiments lives here; starting it again.`,
    );
    await delay(restartAfterMs);
  }
  if (endingSinceMs === null) return code;
  const leaveBy = endingSinceMs + graceMs;
  const left = await leaveMachine(home, { interruptAt: leaveBy - interruptBeforeEndMs, leaveBy });
  if (!left) console.error('Time is up, and something of an experiment still lives here.');
  return left ? 0 : 1;
}

function graceSeconds(argument = String(defaultGraceSeconds)): number {
  const seconds = Number(argument);
  if (Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new UserError(
    `${argument} is no number of seconds to end within, such as ${defaultGraceSeconds}`,
    wrongUse,
  );
}

function exitCode(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 137)));
  });
}

main(process.argv[2]).then(
  (code) => process.exit(code),
  (error: unknown) => process.exit(reportFatal(error)),
);
