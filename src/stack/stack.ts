import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../config.ts';
import type { ProcessIdentity } from '../contracts/storage/process.ts';
import type { StackDescription } from '../contracts/storage/stack.ts';
import { endProcess } from '../machine/end.ts';
import { type Lock, tryLock } from '../machine/file-lock.ts';
import { identifyProcess, isAlive } from '../machine/identity.ts';
import { UserError } from '../user-error.ts';
import { type PortName, settlePorts } from './ports/choose-ports.ts';
import { type Ports, readPorts } from './ports/kept-ports.ts';
import { recordClaims, withClaims } from './ports/port-claims.ts';
import { apiProcess, apiUrl } from './processes/api.ts';
import { awsProcess } from './processes/aws.ts';
import { awsKeys } from './processes/aws-keys.ts';
import type { Servers } from './processes/environment.ts';
import {
  type ProcessName,
  processNames,
  type StackProcess,
  stopGraceMs,
  stopOrder,
} from './processes/stack-process.ts';
import { type ProcessEvents, SupervisedProcess } from './processes/supervised-process.ts';
import { temporalProcess } from './processes/temporal.ts';
import { workerProcess } from './processes/worker.ts';
import {
  readDescription,
  readRecord,
  removeDescription,
  removeRecord,
  writeDescription,
  writeRecord,
} from './stack-record.ts';

export interface StackOptions {
  /** What to start; all by default. A server that the settings name (TEMPORAL_ADDRESS, AWS_ENDPOINT_URL) is never started. */
  parts?: readonly ProcessName[];
  /** Told, for a person, what happens: parts that serve, that crashed, that run again. */
  report?: (line: string) => void;
  /** Aborting it while the stack starts stops what has been started. */
  signal?: AbortSignal;
}

export interface RunningStack {
  /** What `stack.json` says now; changes when a part was restarted. */
  readonly description: StackDescription;
  /** The settings, with the addresses of the stack's own servers filled in: what the worker and the API run with. */
  readonly config: Config;
  /** Ends every part in order. Nothing of the stack is alive afterwards. Asked again, it waits for the first. */
  stop(options?: { maxGraceMs?: number }): Promise<void>;
  /** Calls the listener whenever a part that had crashed serves again. Returns what unsubscribes it. */
  onPartRestarted(listener: (name: ProcessName, identity: ProcessIdentity) => void): () => void;
}

/** Another stack runs on this home; there can be one only. */
export class StackRunsError extends UserError {
  override name = 'StackRunsError';
}

/** The start was broken off through its signal. */
export class StackStartAborted extends Error {
  override name = 'StackStartAborted';
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
  makeHome(config.home);
  const lock = tryLock(lockFile(config));
  if (!lock) {
    return { pid: readRecord(config)?.orchestrator.pid ?? null, description: readDescription(config) };
  }
  lock.release();
  return null;
}

/**
 * Starts the embedded stack on a home and keeps its parts running until `stop`. Set-up must have been done.
 * Ends first what a killed stack left behind on this home.
 * @throws StackRunsError, PortError, PartError, StackStartAborted; nothing that it started is alive then
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
    return await startLocked(config, options, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startLocked(
  config: Config,
  { parts: wanted = processNames, report = console.error, signal }: StackOptions,
  lock: Lock,
): Promise<RunningStack> {
  await endLeftovers(config, report);
  const started = wanted.filter(
    (name) =>
      !(name === 'aws' && config.aws.endpointUrl) && !(name === 'temporal' && config.temporal.address),
  );
  const withApi = started.includes('api');
  const ports = await settlePorts(config, portNames(started), withApi);
  const servers = locateServers(config, ports);
  const settled: Config = {
    ...config,
    temporal: { ...config.temporal, address: servers.temporal.address, uiUrl: servers.temporal.uiUrl },
    aws: { ...config.aws, endpointUrl: servers.aws.url },
  };

  const orchestrator = identifyProcess(process.pid);
  if (!orchestrator) throw new Error('cannot identify our own process');
  const launched = new Map<ProcessName, ProcessIdentity>();
  const listeners = new Set<(name: ProcessName, identity: ProcessIdentity) => void>();
  let ready = false;
  const describe = (): StackDescription => describeStack(config, servers, launched);
  const events: ProcessEvents = {
    onLaunched(name, identity) {
      launched.set(name, identity);
      const parts = [...launched].map(([partName, partIdentity]) => ({
        name: partName,
        identity: partIdentity,
      }));
      writeRecord(config, { orchestrator, parts });
    },
    onCrashed(name, reason, logLines) {
      const log = logLines.map((line) => `    ${line}\n`).join('');
      report(`${name} ${reason}; starting it again.${log ? ` Its log ends with:\n${log.trimEnd()}` : ''}`);
    },
    onRestarted(name, identity) {
      report(`${name} runs again (process ${identity.pid}).`);
      if (ready) writeDescription(config, describe());
      for (const listener of listeners) listener(name, identity);
    },
  };
  // The parts live in sessions of their own and do not keep us running; watching over them does.
  const watching = setInterval(() => {}, 60_000);
  const supervised = new Map<ProcessName, SupervisedProcess>();
  let stopped: Promise<void> | null = null;
  const stop = ({ maxGraceMs }: { maxGraceMs?: number } = {}): Promise<void> => {
    stopped ??= (async () => {
      ready = false;
      removeDescription(config);
      const failures: unknown[] = [];
      for (const name of stopOrder) {
        await supervised
          .get(name)
          ?.stop(maxGraceMs)
          .catch((error) => failures.push(error));
      }
      if (failures.length === 0) removeRecord(config);
      await releaseApiPort(config);
      clearInterval(watching);
      lock.release();
      if (failures.length > 0) throw new AggregateError(failures, 'parts of the stack could not be stopped');
    })();
    return stopped;
  };

  const startParts = async (names: readonly ProcessName[]) => {
    const starting = names
      .filter((name) => started.includes(name))
      .map(async (name) => {
        const part = new SupervisedProcess(defineParts(config, servers, ports, name), events);
        supervised.set(name, part);
        await part.start();
        if (!signal?.aborted) report(`${name} serves (process ${part.identity?.pid}).`);
      });
    await Promise.all(starting);
    if (signal?.aborted) throw new StackStartAborted('The start was broken off.');
  };
  const onAbort = () => void stop().catch(() => {});
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    if (signal?.aborted) throw new StackStartAborted('The start was broken off.');
    await startParts(['aws', 'temporal']);
    await startParts(['worker', 'api']);
  } catch (error) {
    await stop();
    throw signal?.aborted ? new StackStartAborted('The start was broken off.') : error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
  ready = true;
  writeDescription(config, describe());

  return {
    get description() {
      return describe();
    },
    config: settled,
    stop,
    onPartRestarted(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Ends the parts of a stack whose orchestrator was killed. Their state is on disk; new ones take over. */
async function endLeftovers(config: Config, report: (line: string) => void): Promise<void> {
  removeDescription(config);
  const record = readRecord(config);
  if (!record) return;
  for (const name of stopOrder) {
    const identity = record.parts.find((part) => part.name === name)?.identity;
    if (!identity || !isAlive(identity)) continue;
    report(`Ending ${name} (process ${identity.pid}), left behind by a stack that was killed.`);
    await endProcess(identity, { graceMs: stopGraceMs[name] });
  }
  removeRecord(config);
}

function portNames(started: readonly ProcessName[]): PortName[] {
  return [
    ...(started.includes('temporal') ? (['temporal', 'temporalUi'] as const) : []),
    ...(started.includes('aws') ? (['aws'] as const) : []),
  ];
}

function locateServers(config: Config, ports: Partial<Ports>): Servers {
  const { address, uiUrl } = config.temporal;
  return {
    temporal: address
      ? { address, uiUrl }
      : { address: `127.0.0.1:${ports.temporal}`, uiUrl: uiUrl ?? `http://127.0.0.1:${ports.temporalUi}` },
    aws: config.aws.endpointUrl
      ? { url: config.aws.endpointUrl, keys: null }
      : { url: `http://127.0.0.1:${ports.aws}`, keys: awsKeys(config) },
  };
}

function defineParts(
  config: Config,
  servers: Servers,
  ports: Partial<Ports>,
  name: ProcessName,
): StackProcess {
  const port = (of: PortName): number => {
    const found = ports[of];
    if (found === undefined) throw new Error(`no port was settled for ${of}`);
    return found;
  };
  switch (name) {
    case 'aws':
      return awsProcess(config, port('aws'));
    case 'temporal':
      return temporalProcess(config, { temporal: port('temporal'), temporalUi: port('temporalUi') });
    case 'worker':
      return workerProcess(config, servers);
    case 'api':
      return apiProcess(config, servers);
  }
}

function describeStack(
  config: Config,
  servers: Servers,
  launched: ReadonlyMap<ProcessName, ProcessIdentity>,
): StackDescription {
  const pid = (name: ProcessName) => launched.get(name)?.pid ?? null;
  return {
    api: { url: apiUrl(config), pid: pid('api') },
    temporal: { ...servers.temporal, pid: pid('temporal') },
    aws: { url: servers.aws.url, pid: pid('aws'), ...servers.aws.keys },
    worker: { pid: pid('worker') },
  };
}

/** The ports that a home keeps stay claimed; the API's is free for others. */
async function releaseApiPort(config: Config): Promise<void> {
  const kept = Object.values(readPorts(join(config.home, 'ports.json')));
  await withClaims(async (claims) => ({
    result: undefined,
    claims: recordClaims(claims, config.home, kept),
  }));
}
