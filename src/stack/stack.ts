import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../config.ts';
import type { StackDescription } from '../contracts/storage/stack.ts';
import { endProcess } from '../machine/end.ts';
import { tryLock } from '../machine/file-lock.ts';
import { isAlive } from '../machine/identity.ts';
import { UserError } from '../user-error.ts';
import { Orchestrator, type RestartListener } from './orchestrator.ts';
import { emulatesAws, planStack, portsNeeded, processesToStart } from './plan.ts';
import { settlePorts } from './ports/choose-ports.ts';
import { awsKeys } from './processes/aws-keys.ts';
import { type ProcessName, processNames, stopGraceMs, stopOrder } from './processes/stack-process.ts';
import { readDescription, readRecord, removeDescription, removeRecord } from './stack-record.ts';

export interface StackOptions {
  /** What to start; all by default. A server that the settings name (TEMPORAL_ADDRESS, AWS_ENDPOINT_URL) is never started. */
  processes?: readonly ProcessName[];
  /** Told, for a person, what happens: processes that serve, that crashed, that run again. */
  report?: (line: string) => void;
  /** Aborting it while the stack starts stops what has been started. */
  signal?: AbortSignal;
}

export interface RunningStack {
  /** What `stack.json` says now; changes when a process was restarted. */
  readonly description: StackDescription;
  /** The settings, with the addresses of the stack's own servers filled in: what the worker and the API run with. */
  readonly config: Config;
  /** Ends every process in order. Nothing of the stack is alive afterwards. Asked again, it waits for the first. */
  stop(options?: { maxGraceMs?: number }): Promise<void>;
  /** Calls the listener whenever a process that had crashed serves again. Returns what unsubscribes it. */
  onRestarted(listener: RestartListener): () => void;
}

/** Another stack runs on this home; there can be one only. */
class StackRunsError extends UserError {
  override name = 'StackRunsError';
}

/** Databases, results and keys are nobody else's business. */
function makeHome(home: string): void {
  mkdirSync(home, { recursive: true });
  chmodSync(home, 0o700);
}

const lockFile = (config: Config) => join(config.home, 'stack.lock');

/**
 * The stack that runs on this home now, or null. `description` is null while it starts or stops.
 */
export function findRunningStack(
  config: Config,
): { pid: number | null; description: StackDescription | null } | null {
  // Looking makes no folder.
  if (!existsSync(config.home)) return null;
  const lock = tryLock(lockFile(config));
  if (!lock) {
    return { pid: readRecord(config)?.orchestrator.pid ?? null, description: readDescription(config) };
  }
  lock.release();
  return null;
}

/**
 * Starts the embedded stack on a home and keeps its processes running until `stop`. Set-up must have been done.
 * Ends first what a killed stack left behind on this home.
 * @throws StackRunsError, PortError, StackProcessError, StackStartAborted; nothing that it started is alive then
 */
export async function startStack(config: Config, options: StackOptions = {}): Promise<RunningStack> {
  makeHome(config.home);
  let lock = tryLock(lockFile(config));
  // Whoever only looks whether a stack runs holds the lock for a moment.
  for (let attempt = 0; !lock && attempt < 5; attempt++) {
    await delay(50);
    lock = tryLock(lockFile(config));
  }
  if (!lock) {
    const running = findRunningStack(config);
    const url = running?.description?.api.url;
    throw new StackRunsError(
      `A stack runs already on ${config.home}${running?.pid ? ` (process ${running.pid}` : ' ('}` +
        `${url ? `, ${url}` : ''}). Use it, stop it with Ctrl-C where it runs, or start another with another COMPARATOR_HOME and COMPARATOR_PORT.`,
    );
  }
  try {
    const stack = await startLocked(config, options);
    return {
      get description() {
        return stack.description;
      },
      config: stack.settled,
      stop: (how) => stack.stop(how).finally(() => lock.release()),
      onRestarted: (listener) => stack.onRestarted(listener),
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startLocked(
  config: Config,
  { processes = processNames, report = console.error, signal }: StackOptions,
): Promise<Orchestrator> {
  await endLeftovers(config, report);
  const names = processesToStart(config, processes);
  const ports = await settlePorts(config, portsNeeded(names), names.includes('api'));
  const keys = emulatesAws(config) ? awsKeys(config) : null;
  const orchestrator = new Orchestrator(planStack(config, names, ports, keys), report);
  await orchestrator.start(signal);
  return orchestrator;
}

/** Ends the processes of a stack whose orchestrator was killed. Their state is on disk; new ones take over. */
async function endLeftovers(config: Config, report: (line: string) => void): Promise<void> {
  removeDescription(config);
  const record = readRecord(config);
  if (!record) return;
  for (const name of stopOrder) {
    const identity = record.parts.find((process) => process.name === name)?.identity;
    if (!identity || !isAlive(identity)) continue;
    report(`Ending ${name} (process ${identity.pid}), left behind by a stack that was killed.`);
    await endProcess(identity, { graceMs: stopGraceMs[name] });
  }
  removeRecord(config);
}
