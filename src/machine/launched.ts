import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessIdentity, Whereabouts } from '../contracts/storage/process.ts';
import {
  experimentEnvironment,
  type LaunchedProcess,
  launchedProcessSchema,
} from '../contracts/temporal/infrastructure-activities.ts';
import { writeJsonAtomic } from './atomic-file.ts';
import { signalProcess, waitUntilEnded } from './end.ts';
import { isAlive, isSameHost, ownWhereabouts } from './identity.ts';
import { findProcesses, variableOf } from './scan.ts';

/** Where things lie in an experiment's run folder, as the launcher and the inventory share it. */
export const launchedPaths = {
  record: (runFolder: string, name: string) => join(runFolder, 'processes', `${name}.json`),
  log: (runFolder: string, name: string) => join(runFolder, 'logs', `${name}.log`),
  /** Every data folder is below this one. */
  data: (runFolder: string) => join(runFolder, 'data'),
} as const;

/** What is alive of the processes that launchers started in a run folder. */
export interface LaunchedAlive {
  name: string;
  identity: ProcessIdentity;
  /** `launcher`: one that may still start a process; `process`: what one started. */
  kind: 'launcher' | 'process';
  /** How it was found. */
  by: 'record' | 'environment';
}

/** Registers a process, or the intent to start one (identity null), with where it is. */
export function writeLaunchRecord(runFolder: string, record: LaunchedProcess): void {
  mkdirSync(join(runFolder, 'processes'), { recursive: true });
  writeJsonAtomic(launchedPaths.record(runFolder, record.name), { at: ownWhereabouts(), ...record });
}

/** Every registered process of a run folder, alive or not; unreadable records are skipped, as the scan sees what lives. */
export function readLaunchRecords(runFolder: string): LaunchedProcess[] {
  let names: string[];
  try {
    names = readdirSync(join(runFolder, 'processes'));
  } catch {
    return [];
  }
  return names
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      try {
        return [
          launchedProcessSchema.parse(JSON.parse(readFileSync(join(runFolder, 'processes', name), 'utf8'))),
        ];
      } catch {
        return [];
      }
    });
}

/** Registered where nobody here can see whether it lives: on another machine, or in another container of this one. */
export function launchedElsewhere(runFolder: string): (LaunchedProcess & { at: Whereabouts })[] {
  const own = ownWhereabouts();
  return readLaunchRecords(runFolder).flatMap(({ at, ...record }) =>
    at && !isSameHost(at, own) ? [{ ...record, at }] : [],
  );
}

/** What is alive, by the records and by the processes' own environment, so that neither a lost record hides one. */
export function findLaunched(runFolder: string): LaunchedAlive[] {
  const found: LaunchedAlive[] = [];
  for (const { identity, environment } of findProcesses(experimentEnvironment.runFolder, runFolder)) {
    const name = environment[experimentEnvironment.process];
    const launch = environment[experimentEnvironment.launch];
    if (name !== undefined) found.push({ name, identity, kind: 'process', by: 'environment' });
    else if (launch !== undefined)
      found.push({ name: launchName(launch), identity, kind: 'launcher', by: 'environment' });
  }
  for (const { name, identity } of readLaunchRecords(runFolder)) {
    if (!identity || found.some((other) => other.identity.pid === identity.pid)) continue;
    if (isAlive(identity) && !isOfOriginal(runFolder, name, identity))
      found.push({ name, identity, kind: 'process', by: 'record' });
  }
  return found;
}

/** Whether this run folder is but a copy of the one that a process was started in, which still has it as its own. */
function isOfOriginal(runFolder: string, name: string, { pid }: ProcessIdentity): boolean {
  const original = variableOf(pid, experimentEnvironment.runFolder);
  if (original === null || !existsSync(launchedPaths.record(original, name))) return false;
  return realpathSync(original) !== realpathSync(runFolder);
}

function launchName(launch: string): string {
  try {
    return String(JSON.parse(launch).name);
  } catch {
    return 'unknown';
  }
}

/**
 * Ends launched processes at once, until a look finds none: their data is thrown away with them.
 * Launchers end first, so that nothing new starts, then load generators, then what they load.
 * @param only name of the one process to end; all of the run folder without
 * @throws when one lives on
 */
export async function endLaunched(runFolder: string, only?: string): Promise<void> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const alive = findLaunched(runFolder).filter(({ name }) => only === undefined || name === only);
    const first = Math.min(...alive.map(endingRank));
    if (alive.length === 0) return;
    if (Date.now() > deadline) {
      const list = alive.map(({ name, identity }) => `${name} (pid ${identity.pid})`).join(', ');
      throw new Error(`still alive after SIGKILL: ${list}`);
    }
    const now = alive.filter((one) => endingRank(one) === first);
    for (const { identity } of now) signalProcess(identity, 'SIGKILL');
    await Promise.all(now.map(({ identity }) => waitUntilEnded(identity, 5_000)));
    await delay(0);
  }
}

function endingRank({ kind, name }: LaunchedAlive): number {
  if (kind === 'launcher') return 0;
  return name.startsWith('generator') ? 1 : 2;
}

/** Ends everything launched in a run folder and removes records and data; does nothing when nothing is left. */
export async function stopAllLaunched(runFolder: string): Promise<void> {
  await endLaunched(runFolder);
  rmSync(launchedPaths.data(runFolder), { recursive: true, force: true, maxRetries: 3 });
  rmSync(join(runFolder, 'processes'), { recursive: true, force: true });
}
