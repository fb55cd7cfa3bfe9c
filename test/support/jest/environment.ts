import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';
import { serverMark } from './marks.ts';

/** How long what a file of tests has ended may take to be gone. */
const graceMs = 3_000;

/** Node's, and a file of tests fails when a process that it started outlives it. */
export default class TidyEnvironment extends TestEnvironment {
  private readonly before = new Set(childProcesses());

  constructor(...given: ConstructorParameters<typeof TestEnvironment>) {
    const { createContext } = vm;
    // jest's own context asks a proxy at every use of a global, which doubles the processor time of many tests.
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY as never);
    try {
      super(...given);
    } finally {
      vm.createContext = createContext;
    }
  }

  override async teardown(): Promise<void> {
    await super.teardown();
    const left = () => childProcesses().filter((pid) => !this.before.has(pid) && !isShared(pid));
    const deadline = Date.now() + graceMs;
    while (left().length > 0 && Date.now() < deadline) await delay(20);
    const pids = left();
    if (pids.length === 0) return;
    const commands = pids.map((pid) => `${pid} ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`);
    // Left alive, they would keep jest from ending.
    for (const pid of pids) process.kill(Number(pid), 'SIGKILL');
    throw new Error(`processes stay behind:\n  ${commands.join('\n  ')}`);
  }
}

/** Of this process; where there is no /proc, nothing is known. */
function childProcesses(): string[] {
  const tasks = '/proc/self/task';
  if (!existsSync(tasks)) return [];
  return readdirSync(tasks).flatMap((task) =>
    read(`${tasks}/${task}/children`)
      .split(' ')
      .filter((pid) => pid !== '' && isAlive(pid)),
  );
}

function isAlive(pid: string): boolean {
  const stat = read(`/proc/${pid}/stat`);
  return stat !== '' && !/\) [ZX] /.test(stat);
}

/** Servers for all tests end when jest ends. */
function isShared(pid: string): boolean {
  return read(`/proc/${pid}/environ`).includes(`${serverMark}=`);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
