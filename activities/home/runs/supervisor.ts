/**
 * Runs terraform commands for one experiment: `supervisor.ts <request file> <refusal file>`. Started detached, so that
 * it outlives the worker; terraform is detached from it in turn and writes to a file, so that it outlives the supervisor.
 * It keeps no connection to anything: whoever wants to know reads the files of its run (terraform-run.ts).
 * SIGTERM or SIGINT asks it to stop: terraform gets one SIGINT, and no further command is started.
 *
 * The life of a run, each step a file in the experiment's `runs/`, so that whoever comes later can tell how far it came:
 *  1. request: the worker says which commands are wanted, and by which operation token (start-run.ts).
 *  2. claim: of several supervisors one links its claim with the run's number; it names pid, host and hard limit.
 *  3. terraform record: before each terraform starts, that one will; then its pid and start time.
 *  4. journal: terraform's own JSON messages, on a raw descriptor; it knows what was created before the state does.
 *  5. exit record: how each command ended. No exit record while a process lives means unclear, never dead.
 */
import { appendFileSync, closeSync, openSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { inheritedEnvironment } from '../../../src/config.ts';
import type { ProcessIdentity } from '../../../src/contracts/storage/process.ts';
import { experimentEnvironment } from '../../../src/contracts/temporal/infrastructure-activities.ts';
import { readJson, writeJsonAtomic, writeJsonExclusive } from '../../../src/machine/atomic-file.ts';
import { signalProcess } from '../../../src/machine/end.ts';
import { identifyProcess, machineId, pidNamespace } from '../../../src/machine/identity.ts';
import { userName } from '../../../src/machine/user-name.ts';
import { currentOperation } from '../folder/experiment-folder.ts';
import { interruptOnce } from './interrupt.ts';
import { type Refusal, type RunRequest, runRequestSchema } from './run-request.ts';
import { sinceBootMs } from './stop-decision.ts';
import { type Claim, type ExitRecord, isOver, latestRun, runFiles } from './terraform-run.ts';

type Exit = ExitRecord['exits'][number];
type StopReason = NonNullable<ExitRecord['stopped']>;

/** Between the end of the last terraform and the exit record. */
const hardLimitSlackMs = 30_000;

/** How often the limit is looked at: by a timer of its whole length, a suspended machine would not count. */
const tickMs = 1_000;

/** The terraform that runs now, and whether it was told to stop. */
class Terraform {
  current: ProcessIdentity | null = null;
  stopped: StopReason | null = null;
  /** Where it is noted that terraform was interrupted, once there is a run. */
  interruptFile: string | null = null;
  private readonly limits: Pick<RunRequest, 'limitMs' | 'patienceMs'>;
  private readonly sinceMs = sinceBootMs();
  private stoppedAtMs: number | null = null;

  constructor(limits: Pick<RunRequest, 'limitMs' | 'patienceMs'>) {
    this.limits = limits;
  }

  /** One SIGINT ever: a second one makes terraform lose what is in flight. The process alone: providers die of it. */
  stop(reason: StopReason): void {
    if (this.stopped) return;
    this.stopped = reason;
    this.stoppedAtMs = sinceBootMs();
    if (this.current && this.interruptFile) interruptOnce(this.interruptFile, this.current);
  }

  tick(): void {
    const nowMs = sinceBootMs();
    if (nowMs - this.sinceMs > this.limits.limitMs) this.stop('time-limit');
    const waitedMs = this.stoppedAtMs === null ? 0 : nowMs - this.stoppedAtMs;
    if (this.current && waitedMs > this.limits.patienceMs) signalProcess(this.current, 'SIGKILL');
  }
}

class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** Claims the next run for this process alone. */
function claimRun(request: RunRequest): Claim {
  if (Date.now() > request.startBeforeEpochMs) {
    throw new Refused({ reason: 'late', message: 'the request is too old: whoever made it may be gone' });
  }
  const supervisor = identifyProcess(process.pid);
  if (!supervisor) throw new Error('this process cannot identify itself');
  const host = hostname();
  const last = latestRun(request.folder, request.runs, host);
  if (last && !isOver(last.state)) {
    throw new Refused({ reason: 'busy', message: `run ${last.claim.number} is still ${last.state}` });
  }
  const startedAt = Date.now();
  const claim: Claim = {
    number: (last?.claim.number ?? 0) + 1,
    request: request.name,
    kind: request.kind,
    workflowRunId: request.workflowRunId,
    supervisor,
    host,
    pidNamespace: pidNamespace(),
    machine: machineId(),
    user: userName(inheritedEnvironment()),
    startedAt: new Date(startedAt).toISOString(),
    hardLimitAt: new Date(startedAt + request.limitMs + request.patienceMs + hardLimitSlackMs).toISOString(),
    steps: request.steps.map(([command]) => command ?? ''),
  };
  // The number makes it exclusive: whoever else found the last run over wants the same one.
  if (!writeJsonExclusive(runFiles(request.runs, claim.number).claim, claim)) {
    throw new Refused({ reason: 'busy', message: `run ${claim.number} was claimed by another` });
  }
  return claim;
}

async function runStep(request: RunRequest, claim: Claim, step: number, terraform: Terraform): Promise<Exit> {
  const files = runFiles(request.runs, claim.number);
  const args = request.steps[step] ?? [];
  const command = args[0] ?? '';
  appendFileSync(files.journal, `${JSON.stringify({ type: 'comparator_step', step, command })}\n`, {
    mode: 0o600,
  });
  const journal = openSync(files.journal, 'a') as 3;
  try {
    const child = execa(request.terraform, [`-chdir=${request.root}`, ...args], {
      cwd: request.root,
      env: { ...inheritedEnvironment(), [experimentEnvironment.terraformRun]: String(claim.number) },
      extendEnv: false,
      detached: true,
      cleanup: false,
      // Or execa would send SIGKILL 5 s after the first signal.
      forceKillAfterDelay: false,
      // A file, not a pipe: when its reader dies, terraform dies of the pipe, leaves the lock, and writes no state.
      stdio: ['ignore', journal, journal],
      buffer: false,
      reject: false,
    });
    terraform.current = child.pid === undefined ? null : identifyProcess(child.pid);
    if (terraform.current) {
      const record = { identity: terraform.current, step, startedAt: new Date().toISOString() };
      try {
        writeJsonAtomic(files.terraform, record);
      } catch (error) {
        // Others find it by its environment; stopping now would strand more than it saves.
        console.error('cannot record terraform:', error);
      }
    }
    const result = await child;
    if (child.pid === undefined) appendFileSync(files.journal, `${result.message}\n`);
    return { command, exitCode: result.exitCode ?? null, signal: result.signal ?? null };
  } finally {
    terraform.current = null;
    closeSync(journal);
  }
}

async function run(request: RunRequest, claim: Claim, terraform: Terraform): Promise<ExitRecord> {
  const record = (
    outcome: ExitRecord['outcome'],
    exits: Exit[],
    message: string | null = null,
  ): ExitRecord => ({
    outcome,
    exits,
    stopped: terraform.stopped,
    succeeded:
      outcome === 'finished' &&
      exits.length === request.steps.length &&
      exits.every(({ exitCode }) => exitCode === 0),
    message,
    endedAt: new Date().toISOString(),
  });
  if (currentOperation(request.folder)?.token !== request.token) {
    return record('superseded', [], 'a later attempt has taken over');
  }
  const exits: Exit[] = [];
  for (let step = 0; step < request.steps.length && !terraform.stopped; step += 1) {
    const exit = await runStep(request, claim, step, terraform);
    exits.push(exit);
    if (exit.exitCode !== 0) break;
  }
  return record('finished', exits);
}

/** A full disk may have room again in a moment. */
async function writeExit(file: string, exit: ExitRecord): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return writeJsonAtomic(file, exit);
    } catch (error) {
      if (attempt === 20) throw error;
      await delay(500);
    }
  }
}

async function main([requestFile = '', refusalFile = '']: string[]): Promise<void> {
  const request = readJson(requestFile, runRequestSchema);
  if (!request) throw new Error(`there is no request ${requestFile}`);
  const terraform = new Terraform(request);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => terraform.stop('asked'));
  process.on('SIGHUP', () => {});
  let claim: Claim;
  try {
    claim = claimRun(request);
  } catch (error) {
    const refusal = error instanceof Refused ? error.refusal : { reason: 'failed', message: String(error) };
    writeJsonAtomic(refusalFile, refusal);
    return;
  }
  terraform.interruptFile = runFiles(request.runs, claim.number).interrupt;
  setInterval(() => terraform.tick(), tickMs).unref();
  await writeExit(runFiles(request.runs, claim.number).exit, await run(request, claim, terraform));
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
