import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { inheritedEnvironment, readConfig } from '../../../src/config.ts';
import type { ProcessIdentity } from '../../../src/contracts/storage/process.ts';
import { stackSchema } from '../../../src/contracts/storage/stack.ts';
import { readJsonOrNull } from '../../../src/machine/atomic-file.ts';
import { endProcess, signalProcess, waitUntilEnded } from '../../../src/machine/end.ts';
import { identifyProcess, isAlive } from '../../../src/machine/identity.ts';
import { tailLog } from '../../../src/machine/log-tail.ts';
import { startDetached } from '../../../src/machine/start.ts';
import { freePort } from '../../support/free-port.ts';
import { until } from '../../support/until.ts';
import { deploy, type Version } from './checkout.ts';
import { endStranded } from './processes.ts';
import { undoAll } from './undo.ts';

/** What earlier commits write into `stack.json` too. */
const runningSchema = stackSchema.extend({ worker: stackSchema.shape.worker.pick({ pid: true }) });
type Running = z.infer<typeof runningSchema>;

/** How a stack ends that is replaced. */
export type StackEnd = 'stopped' | 'killed';

/** A home whose whole embedded stack, Temporal and emulator included, is that of one version after the other. */
export interface WholeStack {
  home: string;
  /** Of the stack that runs now. */
  description(): Running;
  /** Ends the stack that runs; what its experiments have started lives on. */
  stop(how: StackEnd): Promise<void>;
  start(version: Version): Promise<void>;
  call(method: string, path: string, body?: unknown): Promise<Response>;
  end(): Promise<void>;
}

const stackProgram = fileURLToPath(new URL('./stack-program.ts', import.meta.url));

/** @param earlier git ref of the version `earlier`; null for the usual one */
export async function wholeStack(earlier: string | null): Promise<WholeStack> {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'comparator-faults-')));
  const home = join(base, 'home');
  const checkout = join(base, 'checkout');
  const port = String(await freePort());
  let orchestrator: ProcessIdentity | null = null;
  const description = () => {
    const found = readJsonOrNull(join(home, 'stack.json'), runningSchema);
    if (!found) throw new Error('no stack is ready');
    return found;
  };
  const stack: WholeStack = {
    home,
    description,
    async start(version) {
      deploy(checkout, version, earlier);
      // That of a stack that was killed says nothing of this one.
      rmSync(join(home, 'stack.json'), { force: true });
      const logFile = join(base, `stack-${version}.log`);
      const inherited = Object.entries(inheritedEnvironment()).filter(
        ([name]) => !/^(AWS_|TEMPORAL_)/.test(name),
      );
      orchestrator = await startDetached({
        file: process.execPath,
        args: [stackProgram, checkout],
        cwd: base,
        environment: {
          ...Object.fromEntries(inherited),
          COMPARATOR_HOME: home,
          COMPARATOR_PORT: port,
          COMPARATOR_TOOLS: readConfig().tools,
        },
        logFile,
      });
      const started = orchestrator;
      await until(
        `the stack of ${version} to be ready`,
        () => {
          if (!isAlive(started)) throw new Error(`it has ended: ${tailLog(logFile, 0, 20).join('\n')}`);
          return readJsonOrNull(join(home, 'stack.json'), runningSchema);
        },
        { timeoutMs: 180_000, everyMs: 200 },
      );
    },
    async stop(how) {
      if (!orchestrator) return;
      if (how === 'stopped') await endProcess(orchestrator, { graceMs: 120_000 });
      else await killAll(orchestrator, description());
      orchestrator = null;
    },
    call: (method, path, body) =>
      fetch(`${description().api.url}${path}`, {
        method,
        headers: body === undefined ? {} : { 'content-type': 'application/json' },
        body: body === undefined ? undefined : JSON.stringify(body),
      }),
    async end() {
      await undoAll([
        () => rmSync(base, { recursive: true, force: true, maxRetries: 5 }),
        () => endStranded(home),
        () => stack.stop('stopped'),
      ]);
    },
  };
  return stack;
}

/** The orchestrator first, or it would start again what ends. */
async function killAll(orchestrator: ProcessIdentity, { api, worker, temporal, aws }: Running) {
  const parts = [api, worker, temporal, aws].flatMap(({ pid }) => (pid && identifyProcess(pid)) || []);
  const all = [orchestrator, ...parts];
  for (const identity of all) signalProcess(identity, 'SIGKILL');
  await Promise.all(all.map((identity) => waitUntilEnded(identity, 10_000)));
}
