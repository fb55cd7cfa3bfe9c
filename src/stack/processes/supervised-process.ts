import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessIdentity } from '../../contracts/storage/process.ts';
import { endProcess } from '../../machine/end.ts';
import { beginLog, tailLog } from '../../machine/log-tail.ts';
import { type ProcessEnd, startDetached } from '../../machine/start.ts';
import { UserError } from '../../user-error.ts';
import type { ProcessName, StackProcess } from './stack-process.ts';

export interface ProcessEvents {
  /** A process was started; not ready yet. Recorded at once, so that it cannot be lost. */
  onLaunched(name: ProcessName, identity: ProcessIdentity): void;
  /** It ended without having been asked to. */
  onCrashed(name: ProcessName, reason: string, logLines: string[]): void;
  /** A new process serves in its place. */
  onRestarted(name: ProcessName, identity: ProcessIdentity): void;
}

/** A process of the stack could not be started; the message ends with the last lines of its log. */
export class StackProcessError extends UserError {
  override name = 'StackProcessError';
}

/** A process that served this long before it crashed is restarted without delay. */
const steadyMs = 60_000;
const maxBackoffMs = 30_000;

/** How long to wait before a restart, by how many times in a row it has crashed before it was steady. */
function restartDelayMs(crashesInARow: number): number {
  return crashesInARow <= 1 ? 0 : Math.min(1_000 * 2 ** (crashesInARow - 2), maxBackoffMs);
}

/** How a process ended, in words. */
function describeEnd({ exitCode, signal }: ProcessEnd): string {
  if (signal) return `was ended by ${signal}`;
  return exitCode === undefined ? 'could not be started' : `ended with exit code ${exitCode}`;
}

interface Launch {
  identity: ProcessIdentity;
  startedAtEpochMs: number;
  logStart: number;
  ended: Promise<ProcessEnd>;
}

/** One process of the stack: started, watched, started again when it crashes, and stopped. */
export class SupervisedProcess {
  private readonly definition: StackProcess;
  private readonly events: ProcessEvents;
  private readonly stopping = new AbortController();
  private launch: Launch | null = null;
  private watching: Promise<void> = Promise.resolve();

  constructor(definition: StackProcess, events: ProcessEvents) {
    this.definition = definition;
    this.events = events;
  }

  get name(): ProcessName {
    return this.definition.name;
  }

  /** The process that serves now, or served last. */
  get identity(): ProcessIdentity | null {
    return this.launch?.identity ?? null;
  }

  /**
   * Starts the process and returns once it serves; from then on it is kept running.
   * @throws StackProcessError when it ends or does not serve in time; it may live on then, until `stop`
   */
  async start(): Promise<void> {
    const launch = await this.launchAnew();
    const problem = await this.waitUntilReady(launch);
    if (problem) throw this.failure(problem, launch);
    this.watching = this.keepRunning(launch);
  }

  /** Ends the process, with SIGKILL if it takes longer than the grace, and starts no other. */
  async stop(maxGraceMs = Number.POSITIVE_INFINITY): Promise<void> {
    this.stopping.abort();
    await this.watching;
    if (!this.launch) return;
    await endProcess(this.launch.identity, { graceMs: Math.min(this.definition.stopGraceMs, maxGraceMs) });
  }

  private async launchAnew(): Promise<Launch> {
    const logStart = beginLog(this.definition.command.logFile);
    const startedAtEpochMs = Date.now();
    const { promise: ended, resolve } = Promise.withResolvers<ProcessEnd>();
    const identity = await startDetached(this.definition.command, resolve).catch((error: Error) => {
      throw new StackProcessError(`${this.name} could not be started: ${error.message}`);
    });
    this.launch = { identity, startedAtEpochMs, logStart, ended };
    this.events.onLaunched(this.name, identity);
    return this.launch;
  }

  /** Returns null once it serves or a stop was asked for, else why it does not. */
  private async waitUntilReady({ identity, startedAtEpochMs, ended }: Launch): Promise<string | null> {
    let end: ProcessEnd | null = null;
    void ended.then((value) => {
      end = value;
    });
    const { readyTimeoutMs } = this.definition;
    const deadline = startedAtEpochMs + readyTimeoutMs;
    while (!this.stopping.signal.aborted) {
      const ready = await this.definition.isReady(identity, startedAtEpochMs).catch(() => false);
      // Asked in this order: if our process has ended, whoever answered was another.
      await delay(0);
      if (end) return describeEnd(end);
      if (ready) return null;
      if (Date.now() > deadline) return `did not serve within ${readyTimeoutMs / 1000} s`;
      await Promise.race([ended, delay(100)]);
    }
    return null;
  }

  private async keepRunning(first: Launch): Promise<void> {
    const { signal } = this.stopping;
    const stopped = new Promise<null>((resolve) => {
      signal.addEventListener('abort', () => resolve(null), { once: true });
    });
    let launch = first;
    let problem: string | null = null;
    let crashesInARow = 0;
    for (;;) {
      const servedSince = Date.now();
      if (!problem) {
        const end = await Promise.race([launch.ended, stopped]);
        if (!end || signal.aborted) return;
        problem = describeEnd(end);
        if (Date.now() - servedSince > steadyMs) crashesInARow = 0;
      }
      crashesInARow++;
      this.events.onCrashed(this.name, problem, this.logLines(launch));
      await Promise.race([delay(restartDelayMs(crashesInARow)), stopped]);
      if (signal.aborted) return;
      try {
        await endProcess(launch.identity, { graceMs: this.definition.stopGraceMs });
        launch = await this.launchAnew();
        problem = await this.waitUntilReady(launch);
      } catch (error) {
        problem = `did not start again (${(error as Error).message})`;
      }
      if (signal.aborted) return;
      if (!problem) this.events.onRestarted(this.name, launch.identity);
    }
  }

  private logLines({ logStart }: Launch): string[] {
    return tailLog(this.definition.command.logFile, logStart);
  }

  private failure(problem: string, launch: Launch): StackProcessError {
    const lines = this.logLines(launch).map((line) => `    ${line}`);
    const log = lines.length > 0 ? `Its log ends with:\n${lines.join('\n')}` : 'Its log is empty.';
    return new StackProcessError(`${this.name} ${problem} (${this.definition.command.logFile}). ${log}`);
  }
}
