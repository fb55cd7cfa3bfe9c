import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import type { ProcessIdentity } from '../../../src/contracts/storage/process.ts';
import { experimentEnvironment } from '../../../src/contracts/temporal/infrastructure-activities.ts';
import { acceptsConnections, isPortFree } from '../../../src/machine/free-port.ts';
import { isAlive } from '../../../src/machine/identity.ts';
import { endLaunched, launchedPaths, writeLaunchRecord } from '../../../src/machine/launched.ts';
import { fileSize, tailLog } from '../../../src/machine/log-tail.ts';
import { startDetached } from '../../../src/machine/start.ts';
import type { LaunchSpec } from './launch-spec.ts';

export interface LaunchPlace {
  runFolder: string;
  experimentId: string;
  /** The launcher's own environment. */
  environment: Record<string, string | undefined>;
}

/**
 * Starts a process and waits until it is ready. Whoever held the name before is ended first, so that a start can be
 * repeated after anything.
 * @throws Error that holds the tail of the process's log, when it ends or is not ready in time
 */
export async function launch(spec: LaunchSpec, place: LaunchPlace): Promise<ProcessIdentity> {
  const { runFolder } = place;
  await endLaunched(runFolder, spec.name);
  prepareFiles(spec, runFolder);
  const log = launchedPaths.log(runFolder, spec.name);
  const logStart = fileSize(log);
  const fail = (what: string) => {
    const tail = tailLog(log, logStart, 25).join('\n');
    return new Error(
      `${spec.name} ${what}${tail ? `; its log ends with:\n${tail}` : ', without a word in its log'}`,
    );
  };
  const how = { cwd: runFolder, environment: processEnvironment(spec, place), logFile: log };
  const deadline = Date.now() + spec.timeoutSeconds * 1_000;
  const record = { name: spec.name, folders: spec.folders, startedAt: new Date().toISOString() };
  // The intent comes first: a kill between start and record must not hide the process.
  writeLaunchRecord(runFolder, { ...record, identity: null });
  for (const step of spec.prepare) {
    const exitCode = await prepare(step, { ...how, timeoutMs: Math.max(1, deadline - Date.now()) });
    if (exitCode !== 0)
      throw fail(`could not be prepared (exit code ${exitCode ?? 'none: killed or too slow'})`);
  }
  if (spec.ready.by === 'tcp' && !(await isPortFree(spec.ready.port))) {
    throw new Error(`${spec.name} cannot start: port ${spec.ready.port} is taken by another process`);
  }
  const identity = await startDetached({ file: spec.command, args: spec.args, ...how });
  writeLaunchRecord(runFolder, { ...record, identity });
  while (!(await isReady(spec, runFolder))) {
    if (!isAlive(identity)) throw fail('ended while it started');
    if (Date.now() > deadline) throw fail(`was not ready within ${spec.timeoutSeconds} s`);
    await delay(25);
  }
  if (!isAlive(identity)) throw fail('ended as soon as it was ready');
  return identity;
}

function prepareFiles(spec: LaunchSpec, runFolder: string): void {
  mkdirSync(dirname(launchedPaths.log(runFolder, spec.name)), { recursive: true });
  for (const folder of spec.folders) {
    rmSync(join(runFolder, folder), { recursive: true, force: true, maxRetries: 3 });
    mkdirSync(join(runFolder, folder), { recursive: true });
  }
  for (const { path, content } of spec.files) {
    mkdirSync(dirname(join(runFolder, path)), { recursive: true });
    writeFileSync(join(runFolder, path), content);
  }
  if (spec.ready.by === 'file') {
    mkdirSync(dirname(join(runFolder, spec.ready.path)), { recursive: true });
    rmSync(join(runFolder, spec.ready.path), { force: true });
  }
}

function processEnvironment(spec: LaunchSpec, place: LaunchPlace): Record<string, string | undefined> {
  const isInherited = (name: string) =>
    spec.inherit.some((kept) => (kept.endsWith('*') ? name.startsWith(kept.slice(0, -1)) : name === kept));
  const inherited = Object.fromEntries(
    Object.entries(place.environment).filter(([name]) => isInherited(name)),
  );
  return {
    ...inherited,
    ...spec.environment,
    [experimentEnvironment.experimentId]: place.experimentId,
    [experimentEnvironment.runFolder]: place.runFolder,
    [experimentEnvironment.process]: spec.name,
  };
}

/** Runs a preparing command; its output goes to the process's log. */
async function prepare(
  { command, args }: LaunchSpec['prepare'][number],
  options: {
    cwd: string;
    environment: Record<string, string | undefined>;
    logFile: string;
    timeoutMs: number;
  },
): Promise<number | undefined> {
  const log = openSync(options.logFile, 'a', 0o600) as 3;
  try {
    const result = await execa(command, args, {
      cwd: options.cwd,
      env: options.environment,
      extendEnv: false,
      stdio: ['ignore', log, log],
      timeout: options.timeoutMs,
      reject: false,
    });
    return result.exitCode;
  } finally {
    closeSync(log);
  }
}

async function isReady({ ready }: LaunchSpec, runFolder: string): Promise<boolean> {
  return ready.by === 'tcp' ? acceptsConnections(ready.port) : existsSync(join(runFolder, ready.path));
}
