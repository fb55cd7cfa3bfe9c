import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { ProcessIdentity } from '../contracts/storage/process.ts';
import type { StackDescription } from '../contracts/storage/stack.ts';
import { identifyProcess } from '../machine/identity.ts';
import type { StackPlan } from './plan.ts';
import type { PortName } from './ports/choose-ports.ts';
import { readPorts } from './ports/kept-ports.ts';
import { recordClaims, withClaims } from './ports/port-claims.ts';
import { apiProcess, apiUrl } from './processes/api.ts';
import { awsProcess } from './processes/aws.ts';
import { type ProcessName, type StackProcess, stopOrder } from './processes/stack-process.ts';
import { SupervisedProcess } from './processes/supervised-process.ts';
import { temporalProcess } from './processes/temporal.ts';
import { chooseInnerAddress, type InnerAddress, openUiDoor, type UiDoor } from './processes/ui-door.ts';
import { workerProcess } from './processes/worker.ts';
import { removeDescription, removeRecord, writeDescription, writeRecord } from './stack-record.ts';

/** The start was broken off through its signal. */
export class StackStartAborted extends Error {
  override name = 'StackStartAborted';
}

export type RestartListener = (name: ProcessName, identity: ProcessIdentity) => void;

/** Starts the processes of a plan, servers first, keeps them running, and stops them. */
export class Orchestrator {
  private readonly plan: StackPlan;
  private readonly report: (line: string) => void;
  private readonly identity: ProcessIdentity;
  private readonly supervised = new Map<ProcessName, SupervisedProcess>();
  private readonly launched = new Map<ProcessName, ProcessIdentity>();
  private readonly listeners = new Set<RestartListener>();
  private ready = false;
  private stopped: Promise<void> | null = null;
  private uiDoor: UiDoor | null = null;
  private watching: NodeJS.Timeout | undefined;

  /** @param report told, for a person, what happens */
  constructor(plan: StackPlan, report: (line: string) => void) {
    const identity = identifyProcess(process.pid);
    if (!identity) throw new Error('cannot identify our own process');
    this.plan = plan;
    this.report = report;
    this.identity = identity;
  }

  /** What `stack.json` says once everything serves. */
  get description(): StackDescription {
    const { config, servers, ports } = this.plan;
    const pid = (name: ProcessName) => this.launched.get(name)?.pid ?? null;
    return {
      api: { url: apiUrl(config), pid: pid('api') },
      temporal: { ...servers.temporal, pid: pid('temporal') },
      aws: {
        url: servers.aws.url ?? `https://s3.${config.aws.region}.amazonaws.com`,
        pid: pid('aws'),
        ...servers.aws.keys,
      },
      worker: {
        pid: pid('worker'),
        metricsUrl: ports.workerMetrics ? `http://127.0.0.1:${ports.workerMetrics}/metrics` : null,
      },
    };
  }

  /** The settings that the worker and the API run with. */
  get settled(): Config {
    return this.plan.settled;
  }

  /**
   * Returns once everything serves, and `stack.json` says so.
   * @param signal breaks the start off
   * @throws StackProcessError, StackStartAborted; nothing that it started is alive then
   */
  async start(signal?: AbortSignal): Promise<void> {
    // The processes live in sessions of their own and do not keep us running; watching over them does.
    this.watching = setInterval(() => {}, 60_000);
    const onAbort = () => void this.stop().catch(() => {});
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      assertGoesOn(signal);
      const innerUi = await chooseInnerAddress();
      await this.startProcesses(['aws', 'temporal'], innerUi, signal);
      await this.startProcesses(['worker', 'api'], innerUi, signal);
    } catch (error) {
      await this.stop();
      assertGoesOn(signal);
      throw error;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
    this.ready = true;
    writeDescription(this.plan.config, this.description);
  }

  /** Ends every process in order; nothing is alive afterwards. Asked again, it waits for the first. */
  stop({ maxGraceMs }: { maxGraceMs?: number } = {}): Promise<void> {
    this.stopped ??= this.stopAll(maxGraceMs);
    return this.stopped;
  }

  /** Calls the listener whenever a process that had crashed serves again. Returns what unsubscribes it. */
  onRestarted(listener: RestartListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private async startProcesses(
    names: readonly ProcessName[],
    innerUi: InnerAddress,
    signal?: AbortSignal,
  ): Promise<void> {
    const starting = names
      .filter((name) => this.plan.names.includes(name))
      .map(async (name) => {
        if (name === 'temporal') {
          this.uiDoor = await openUiDoor(
            portOf(this.plan, 'temporalUi'),
            innerUi,
            this.plan.config.temporal.namespace,
          );
        }
        const supervised = this.supervise(defineProcess(this.plan, name, innerUi));
        await supervised.start();
        if (!signal?.aborted) this.report(`${name} serves (process ${supervised.identity?.pid}).`);
      });
    await Promise.all(starting);
    assertGoesOn(signal);
  }

  private supervise(definition: StackProcess): SupervisedProcess {
    const supervised = new SupervisedProcess(definition, {
      onLaunched: (name, identity) => {
        this.launched.set(name, identity);
        const parts = [...this.launched].map(([of, launched]) => ({ name: of, identity: launched }));
        writeRecord(this.plan.config, { orchestrator: this.identity, parts });
      },
      onCrashed: (name, reason, logLines) => {
        const log = logLines.map((line) => `    ${line}\n`).join('');
        const ending = log ? ` Its log ends with:\n${log.trimEnd()}` : '';
        this.report(`${name} ${reason}; starting it again.${ending}`);
      },
      onRestarted: (name, identity) => {
        this.report(`${name} runs again (process ${identity.pid}).`);
        if (this.ready) writeDescription(this.plan.config, this.description);
        for (const listener of this.listeners) listener(name, identity);
      },
    });
    this.supervised.set(definition.name, supervised);
    return supervised;
  }

  private async stopAll(maxGraceMs: number | undefined): Promise<void> {
    const { config } = this.plan;
    this.ready = false;
    removeDescription(config);
    const failures: unknown[] = [];
    for (const name of stopOrder) {
      await this.supervised
        .get(name)
        ?.stop(maxGraceMs)
        .catch((error) => failures.push(error));
    }
    await this.uiDoor?.close();
    if (failures.length === 0) removeRecord(config);
    await releaseApiPort(config);
    clearInterval(this.watching);
    if (failures.length > 0) {
      throw new AggregateError(failures, 'processes of the stack could not be stopped');
    }
  }
}

function assertGoesOn(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new StackStartAborted('The start was broken off.');
}

function portOf({ ports }: StackPlan, name: PortName): number {
  const found = ports[name];
  if (found === undefined) throw new Error(`no port was settled for ${name}`);
  return found;
}

function defineProcess(plan: StackPlan, name: ProcessName, innerUi: InnerAddress): StackProcess {
  const { config, servers } = plan;
  switch (name) {
    case 'aws':
      return awsProcess(config, portOf(plan, 'aws'));
    case 'temporal':
      return temporalProcess(config, portOf(plan, 'temporal'), innerUi);
    case 'worker':
      return workerProcess(config, servers, portOf(plan, 'workerMetrics'));
    case 'api':
      return apiProcess(config, servers);
  }
}

/** The ports that a home keeps stay claimed; the API's is free for others. */
async function releaseApiPort(config: Config): Promise<void> {
  const kept = Object.values(readPorts(join(config.home, 'ports.json')));
  await withClaims(async (claims) => ({
    result: undefined,
    claims: recordClaims(claims, config.home, kept),
  }));
}
