import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection, isRetryableError, makeGrpcRetryInterceptor } from '@temporalio/client';
import { type Config, inheritedEnvironment, readConfig } from '../../../src/config.ts';
import type { ExperimentProgress } from '../../../src/contracts/documents/progress.ts';
import type { ProcessIdentity } from '../../../src/contracts/storage/process.ts';
import { messageNames } from '../../../src/contracts/temporal/names.ts';
import { writeJsonAtomic } from '../../../src/machine/atomic-file.ts';
import { endProcess } from '../../../src/machine/end.ts';
import { identifyProcess, isAlive } from '../../../src/machine/identity.ts';
import { startDetached } from '../../../src/machine/start.ts';
import type { ProcessName } from '../../../src/stack/processes/stack-process.ts';
import { workerProcess } from '../../../src/stack/processes/worker.ts';
import { ensureTools } from '../../../src/stack/setup/ensure.ts';
import { type RunningStack, startStack } from '../../../src/stack/stack.ts';
import { freePort } from '../../support/free-port.ts';
import type { AwsAccess } from '../../support/oracles.ts';
import { until } from '../../support/until.ts';
import { createSampler, type Sampler } from '../verdict/sampler.ts';
import { deploy, type Version } from './checkout.ts';
import { startOnOtherHost } from './other-host.ts';
import { endStranded } from './processes.ts';
import { type AwsProxy, startAwsProxy } from './proxy.ts';
import { undoAll } from './undo.ts';

/**
 * A whole stack to be broken: the AWS emulator runs as a stack of its own, and everything else reaches it through a
 * proxy, as through a network.
 */
export interface FaultWorld {
  home: string;
  client: Client;
  proxy: AwsProxy;
  sampler: Sampler;
  /** Of the emulator itself, past the proxy, for oracles. */
  emulated(): AwsAccess;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** The process that is this part of the stack now. */
  part(name: ProcessName): ProcessIdentity;
  /** Waits until a part is another process than this, and serves. */
  untilRestarted(name: ProcessName, than: ProcessIdentity): Promise<void>;
  /** The emulator away: ended with SIGTERM, started again on the same data. */
  restartEmulator(awayMs: number): Promise<void>;
  /** One more worker beside, or instead of, the stack's own. */
  startWorker(host: 'this' | 'other' | 'rebooted', from?: 'checkout'): Promise<ProcessIdentity>;
  /** A worker of another home on the same namespace and bucket, which must end; returns its last words. */
  tryOtherHome(): Promise<string>;
  /** Puts a version of the code where `startWorker(…, 'checkout')` starts it from. */
  deploy(version: Version): void;
  /** The workers that `startWorker` has started and that live. */
  ownWorkers(): ProcessIdentity[];
  /** What the workflow itself says; works for closed and terminated runs too. */
  progress(id: string, runId?: string): Promise<ExperimentProgress>;
  end(): Promise<void>;
}

export interface WorldOptions {
  /** Whether the world's worker is the stack's own, which restarts it; else the cell starts and ends workers. */
  worker: 'stack' | 'own';
  /** A tmpfs for the run folders, or for the whole home; null for the ordinary disk. */
  smallDisk: { for: 'run-folders' | 'home'; megabytes: number } | null;
  /** Git ref of the version `earlier`; that of the first commit of this issue where null. */
  upgradeFrom?: string | null;
  report: (line: string) => void;
}

const queryPatienceMs = 60_000;

/** Worlds side by side are of one process, whose environment has the keys of the emulator that its stacks are to use. */
const keysOfAllWorlds = {
  accessKeyId: `CMP${'0'.repeat(32)}`,
  secretAccessKey: randomBytes(32).toString('hex'),
};

const environmentOfAllWorlds = {
  AWS_ACCESS_KEY_ID: keysOfAllWorlds.accessKeyId,
  AWS_SECRET_ACCESS_KEY: keysOfAllWorlds.secretAccessKey,
  AWS_REGION: 'us-east-1',
};

export async function startFaultWorld(options: WorldOptions): Promise<FaultWorld> {
  const environment = inheritedEnvironment();
  // Never without the keys: a worker of another world may start meanwhile.
  Object.assign(environment, environmentOfAllWorlds);
  for (const name of Object.keys(environment)) {
    if (/^(AWS_|TEMPORAL_)/.test(name) && !(name in environmentOfAllWorlds)) delete environment[name];
  }
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'comparator-faults-')));
  const home = join(base, 'home');
  const checkout = join(base, 'checkout');
  mkdirSync(join(home, 'experiments'), { recursive: true });
  const undo: (() => Promise<void> | void)[] = [
    () => rmSync(base, { recursive: true, force: true, maxRetries: 5 }),
  ];
  const end = () => undoAll(undo);
  try {
    if (options.smallDisk) {
      const folder = options.smallDisk.for === 'home' ? home : join(home, 'experiments');
      execFileSync('mount', [
        '-t',
        'tmpfs',
        '-o',
        `size=${options.smallDisk.megabytes}m`,
        'comparator-faults',
        folder,
      ]);
      undo.push(() => void execFileSync('umount', ['-l', folder]));
      mkdirSync(join(home, 'experiments'), { recursive: true });
    }
    const configOf = async (own: Record<string, string>): Promise<Config> =>
      readConfig({ ...environment, COMPARATOR_PORT: String(await freePort()), ...own });
    const awsConfig = await configOf({ COMPARATOR_HOME: join(base, 'aws') });
    await ensureTools(awsConfig, () => {});
    mkdirSync(join(awsConfig.home, 'aws'), { recursive: true, mode: 0o700 });
    writeJsonAtomic(join(awsConfig.home, 'aws', 'keys.json'), keysOfAllWorlds);
    const startEmulator = () => startStack(awsConfig, { processes: ['aws'], report: options.report });
    let emulator = await startEmulator();
    undo.push(() => emulator.stop());
    const emulated = () => emulator.description.aws;
    const proxy = await startAwsProxy(() => emulated().url);
    undo.push(() => proxy.close());
    const config = await configOf({ COMPARATOR_HOME: home, AWS_ENDPOINT_URL: proxy.url });
    await ensureTools(config, () => {});
    const workers = new Set<ProcessIdentity>();
    const stack = await startStack(config, {
      processes: options.worker === 'stack' ? ['temporal', 'worker', 'api'] : ['temporal', 'api'],
      report: options.report,
    });
    undo.push(() => stack.stop());
    undo.push(async () => {
      for (const worker of workers) await endProcess(worker, { graceMs: 25_000 });
    });
    const { connection, close } = await connectPatiently(stack.description.temporal.address);
    undo.push(close);
    const client = new Client({ connection });
    const sampler = createSampler(home, proxy);
    undo.push(() => sampler.stop());
    // Whatever a fault has stranded ends with the world.
    undo.push(() => endStranded(home));
    const partOf = (name: ProcessName): ProcessIdentity =>
      partProcess(name === 'aws' ? emulator : stack, name);
    return {
      home,
      client,
      proxy,
      sampler,
      emulated,
      call: (method, path, body, headers = {}) =>
        fetch(`${stack.description.api.url}${path}`, {
          method,
          headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
          body: body === undefined ? undefined : JSON.stringify(body),
        }),
      part: partOf,
      async untilRestarted(name, than) {
        const now = name === 'aws' ? emulator : stack;
        await new Promise<void>((resolve) => {
          const unsubscribe = now.onRestarted((restarted, identity) => {
            if (restarted !== name || identity.pid === than.pid) return;
            unsubscribe();
            resolve();
          });
        });
      },
      async restartEmulator(awayMs) {
        await emulator.stop();
        await delay(awayMs);
        emulator = await startEmulator();
      },
      async tryOtherHome() {
        const { temporal } = stack.description;
        const otherHome = { ...config, home: join(base, 'other-home') };
        mkdirSync(otherHome.home, { recursive: true });
        const servers = { temporal, aws: { url: proxy.url, keys: null } };
        const { command } = workerProcess(otherHome, servers, null);
        const identity = await startDetached(command);
        workers.add(identity);
        await until('the worker of another home to end', () => !isAlive(identity));
        workers.delete(identity);
        return readFileSync(command.logFile, 'utf8');
      },
      deploy: (version) => deploy(checkout, version, options.upgradeFrom),
      async startWorker(host, from) {
        const { temporal } = stack.description;
        const servers = {
          temporal: { address: temporal.address, uiUrl: temporal.uiUrl },
          aws: { url: proxy.url, keys: null },
        };
        const definition = workerProcess(config, servers, null);
        const startedAt = Date.now();
        const program =
          from === 'checkout' ? { args: [join(checkout, 'src', 'worker.ts')], cwd: checkout } : {};
        const command = {
          ...definition.command,
          ...program,
          logFile: join(base, 'logs', `worker-${startedAt}.log`),
        };
        const identity =
          host === 'this' ? await startDetached(command) : await startOnOtherHost(command, base, host);
        workers.add(identity);
        // On another host, it polls under a pid of that host's own.
        if (host === 'this')
          await until('the worker to poll', () => definition.isReady(identity, startedAt), { everyMs: 100 });
        return identity;
      },
      ownWorkers: () => [...workers].filter(isAlive),
      async progress(id, runId) {
        // Queries are answered by a worker, and the fault may have left none for a while.
        return await until(
          `the progress of ${id}`,
          () => client.workflow.getHandle(id, runId).query<ExperimentProgress>(messageNames.progress),
          { timeoutMs: queryPatienceMs, everyMs: 250 },
        );
      },
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/**
 * A connection that repeats calls while the server is away, but none once it is being closed: the client's own would
 * throw where nobody catches it, and end the suite.
 */
async function connectPatiently(
  address: string,
): Promise<{ connection: Connection; close(): Promise<void> }> {
  const repeatAfterMs = 250;
  let isClosing = false;
  const connection = await Connection.connect({
    address,
    interceptors: [
      makeGrpcRetryInterceptor({
        delayFunction: () => repeatAfterMs,
        retryableDecider: (attempt, status) => !isClosing && attempt < 100 && isRetryableError(status),
      }),
    ],
  });
  return {
    connection,
    async close() {
      isClosing = true;
      await delay(2 * repeatAfterMs);
      await connection.close();
    },
  };
}

function partProcess(stack: RunningStack, name: ProcessName): ProcessIdentity {
  const { pid } = stack.description[name];
  const identity = pid === null ? null : identifyProcess(pid);
  if (!identity) throw new Error(`the stack's ${name} does not run`);
  return identity;
}
