import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { inheritedEnvironment } from '../../../src/config.ts';
import { type ProcessIdentity, processIdentitySchema } from '../../../src/contracts/storage/process.ts';
import { experimentEnvironment } from '../../../src/contracts/temporal/infrastructure-activities.ts';
import { readJsonOrNull } from '../../../src/machine/atomic-file.ts';
import { bootOf, isAlive, isSameHost, ownWhereabouts, pidNamespace } from '../../../src/machine/identity.ts';
import { type FoundProcess, findProcesses } from '../../../src/machine/scan.ts';
import { userName } from '../../../src/machine/user-name.ts';

/** A run: one supervisor and the terraform commands it works through. Runs of an experiment are numbered from 1. */
export const claimSchema = z.object({
  number: z.int().positive(),
  /** Name of the request that it answers. */
  request: z.string(),
  kind: z.enum(['apply', 'destroy']),
  workflowRunId: z.string(),
  supervisor: processIdentitySchema,
  host: z.string(),
  /** Of the supervisor; null where the system has none, or an earlier release wrote the claim. */
  pidNamespace: z.string().nullable().default(null),
  /** As in its whereabouts. */
  machine: z.string().nullable().optional(),
  user: z.string(),
  startedAt: z.iso.datetime(),
  /** When the last terraform of the run is dead, whatever happens. */
  hardLimitAt: z.iso.datetime(),
  /** Commands of the steps, such as `init`. */
  steps: z.array(z.string()),
});
export type Claim = z.infer<typeof claimSchema>;

/** The terraform that runs, or ran last. */
const terraformRecordSchema = z.object({
  identity: processIdentitySchema,
  /** Counts from 0. */
  step: z.int(),
  startedAt: z.iso.datetime(),
});
export type TerraformRecord = z.infer<typeof terraformRecordSchema>;

const exitRecordSchema = z.object({
  outcome: z.enum(['finished', 'superseded', 'crashed']),
  /** Of every command that was started, in order; the last is the one that failed, where one did. */
  exits: z.array(
    z.object({ command: z.string(), exitCode: z.int().nullable(), signal: z.string().nullable() }),
  ),
  /** Why it was told to stop, where it was. */
  stopped: z.enum(['asked', 'time-limit']).nullable(),
  succeeded: z.boolean(),
  message: z.string().nullable(),
  endedAt: z.iso.datetime(),
});
export type ExitRecord = z.infer<typeof exitRecordSchema>;

const lockRecordSchema = z.object({ id: z.string() });
const interruptRecordSchema = z.object({ at: z.iso.datetime() });

/** The files of a run, in the folder of all runs. */
export function runFiles(runs: string, number: number) {
  const base = join(runs, String(number).padStart(4, '0'));
  return {
    claim: `${base}.claim.json`,
    terraform: `${base}.terraform.json`,
    /** Terraform's own output. */
    journal: `${base}.journal.ndjson`,
    exit: `${base}.exit.json`,
    /** The supervisor's own output, empty unless it crashed. */
    log: `${base}.supervisor.log`,
    /** Id of the state lock that the run was seen to hold. */
    lock: `${base}.lock.json`,
    /** When terraform got its SIGINT. */
    interrupt: `${base}.interrupt.json`,
  };
}

/** Numbers of all runs, ascending. */
export function listRuns(runs: string): number[] {
  let names: string[];
  try {
    names = readdirSync(runs);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return names
    .flatMap((name) => /^(\d+)\.claim\.json$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** What is known of a run, from its files and from the machine. */
export interface TerraformRun {
  claim: Claim;
  terraform: TerraformRecord | null;
  exit: ExitRecord | null;
  lockId: string | null;
  /** When its terraform was asked to stop; null while it was not. */
  interruptedAtMs: number | null;
  state: RunState;
  /** Live terraform process of the run, recorded or found by its environment. */
  liveTerraform: ProcessIdentity | null;
  /** What terraform started and may have left behind: providers and provisioners. */
  helpers: ProcessIdentity[];
}

export type RunState =
  /** Its supervisor lives. */
  | 'supervised'
  /** Its supervisor is gone, its terraform lives on. */
  | 'orphaned'
  /** It ended and said how. */
  | 'finished'
  /** All of it is dead without a word. */
  | 'vanished'
  /** It was claimed on another host, of which this one knows nothing. */
  | 'elsewhere';

/** Decides a run's state from what was observed. */
export function runStateOf(observed: {
  sameHost: boolean;
  pastHardLimit: boolean;
  exited: boolean;
  supervisorAlive: boolean;
  terraformAlive: boolean;
}): RunState {
  if (observed.exited) return 'finished';
  if (!observed.sameHost) return observed.pastHardLimit ? 'vanished' : 'elsewhere';
  if (observed.supervisorAlive) return 'supervised';
  return observed.terraformAlive ? 'orphaned' : 'vanished';
}

/** Whether nothing of the run can do anything any more. */
export function isOver(state: RunState): boolean {
  return state === 'finished' || state === 'vanished';
}

function isHere({ host, supervisor, pidNamespace: namespace, machine }: Claim, ownHost: string): boolean {
  const there = { host, boot: bootOf(supervisor), pidNamespace: namespace, machine };
  return isSameHost(there, ownWhereabouts(ownHost));
}

/**
 * A run's claim; null where there is no such run. A claim is written as a whole, so that one that cannot be read was lost
 * to a loss of power, and its supervisor with it; should one live all the same, the run is taken for that one's.
 */
function readClaim(folderPath: string, file: string, number: number, host: string): Claim | null {
  const claim = readJsonOrNull(file, claimSchema);
  if (claim) return claim;
  const writtenAt = statSync(file, { throwIfNoEntry: false })?.mtime.toISOString();
  if (writtenAt === undefined) return null;
  return {
    number,
    request: '',
    kind: 'destroy',
    workflowRunId: '',
    supervisor: liveSupervisor(folderPath) ?? { pid: maxPid, startToken: 'lost' },
    host,
    pidNamespace: pidNamespace(),
    user: userName(inheritedEnvironment()),
    startedAt: writtenAt,
    hardLimitAt: writtenAt,
    steps: [],
  };
}

/** Above any pid that Linux or macOS gives. */
const maxPid = 2 ** 30;

function liveSupervisor(folderPath: string): ProcessIdentity | null {
  const found = findProcesses(experimentEnvironment.runFolder, folderPath).find(
    ({ args, environment }) =>
      environment[experimentEnvironment.terraformRun] === undefined &&
      environment[experimentEnvironment.process] === undefined &&
      environment[experimentEnvironment.launch] === undefined &&
      args.some((arg) => arg.includes('/runs/supervisor.ts')),
  );
  return found?.identity ?? null;
}

/** Looks at a run. null when there is no such run (any more). */
export function lookAtRun(
  folderPath: string,
  runs: string,
  number: number,
  host: string,
): TerraformRun | null {
  const files = runFiles(runs, number);
  const claim = readClaim(folderPath, files.claim, number, host);
  if (!claim) return null;
  const terraform = readJsonOrNull(files.terraform, terraformRecordSchema);
  const supervisorAlive = isAlive(claim.supervisor);
  // The exit record is read after the supervisor was seen: it writes the record before it ends.
  const exit = readJsonOrNull(files.exit, exitRecordSchema);
  const interrupted = readJsonOrNull(files.interrupt, interruptRecordSchema);
  const sameHost = isHere(claim, host);
  const machinery = exit ? [] : terraformProcesses(folderPath, number);
  const recorded = terraform && isAlive(terraform.identity) ? terraform.identity : null;
  // The record first: for an instant a child of terraform looks just like it, between its fork and its exec.
  const liveTerraform = exit ? null : (recorded ?? machinery.find(isTerraform)?.identity ?? null);
  return {
    claim,
    terraform,
    exit,
    lockId: readJsonOrNull(files.lock, lockRecordSchema)?.id ?? null,
    interruptedAtMs: interrupted ? Date.parse(interrupted.at) : null,
    liveTerraform,
    helpers: machinery.filter((one) => !isTerraform(one)).map(({ identity }) => identity),
    state: runStateOf({
      sameHost,
      pastHardLimit: Date.now() > Date.parse(claim.hardLimitAt),
      exited: exit !== null,
      supervisorAlive,
      terraformAlive: liveTerraform !== null,
    }),
  };
}

/** The run that was claimed last; null when there was none. */
export function latestRun(folderPath: string, runs: string, host: string): TerraformRun | null {
  const number = listRuns(runs).at(-1);
  return number === undefined ? null : lookAtRun(folderPath, runs, number, host);
}

/** Live terraforms, providers and provisioners of a run, without what launchers started and the supervisor. */
function terraformProcesses(folderPath: string, number: number): FoundProcess[] {
  return terraformMachinery(folderPath).filter(
    ({ environment }) => environment[experimentEnvironment.terraformRun] === String(number),
  );
}

/** Live terraforms, providers and provisioners of every run of the experiment, without supervisors and what launchers started. */
export function terraformMachinery(folderPath: string): FoundProcess[] {
  return findProcesses(experimentEnvironment.runFolder, folderPath).filter(
    ({ environment }) =>
      environment[experimentEnvironment.process] === undefined &&
      environment[experimentEnvironment.terraformRun] !== undefined,
  );
}

/** Whether a process is terraform itself: its providers and provisioners have no `-chdir`. */
export function isTerraform({ args }: { args: string[] }): boolean {
  return args.some((arg) => / -chdir=/.test(` ${arg}`));
}
