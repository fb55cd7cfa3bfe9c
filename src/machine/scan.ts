import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessIdentity } from '../contracts/storage/process.ts';
import { identifyProcess } from './identity.ts';

/** A live process, as the operating system shows it. */
export interface FoundProcess {
  identity: ProcessIdentity;
  /** Command and arguments; one string where the system does not keep them apart. */
  args: string[];
  /** The environment it was started with; outside Linux only the variables named `COMPARATOR_…`. */
  environment: Record<string, string>;
}

/**
 * Live processes of this user that were started with `name=value` in their environment. Nothing a process does later
 * changes that, and nobody has to have written it down.
 */
export function findProcesses(name: string, value: string): FoundProcess[] {
  return process.platform === 'linux' ? scanProc(name, value) : scanPs(name, value);
}

/** Distinct values of a variable in the environments of live processes that begin with a prefix. */
export function findVariableValues(name: string, prefix: string): string[] {
  const start = `${name}=${prefix}`;
  const environments =
    process.platform === 'linux'
      ? readdirSync('/proc')
          .filter((entry) => /^\d+$/.test(entry))
          .flatMap((pid) => readStrings(`/proc/${pid}/environ`))
      : (psEnvironments().match(/(?<= )COMPARATOR_\w+=\S*/g) ?? []);
  const values = environments.filter((one) => one.startsWith(start)).map((one) => one.slice(name.length + 1));
  return [...new Set(values)];
}

function scanProc(name: string, value: string): FoundProcess[] {
  const found: FoundProcess[] = [];
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const variables = readStrings(`/proc/${pid}/environ`);
    if (!variables.includes(`${name}=${value}`)) continue;
    const args = readStrings(`/proc/${pid}/cmdline`);
    const identity = identifyProcess(pid);
    if (identity) found.push({ identity, args, environment: parseVariables(variables) });
  }
  return found;
}

/** A variable of the environment that a process was started with; null where it has none, or that cannot be seen. */
export function variableOf(pid: number, name: string): string | null {
  if (process.platform !== 'linux') return null;
  return parseVariables(readStrings(`/proc/${pid}/environ`))[name] ?? null;
}

/** NUL-terminated strings of a file in /proc; none when the process is gone or another user's. */
function readStrings(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\0').slice(0, -1);
  } catch {
    return [];
  }
}

function parseVariables(variables: string[]): Record<string, string> {
  return Object.fromEntries(
    variables.map((variable) => {
      const end = variable.indexOf('=');
      return [variable.slice(0, end), variable.slice(end + 1)];
    }),
  );
}

/** macOS: `ps` prints the environment behind the command, separated by blanks. */
function scanPs(name: string, value: string): FoundProcess[] {
  return parsePs(psEnvironments(), name, value).flatMap(({ pid, ...rest }) => {
    const identity = pid === process.pid ? null : identifyProcess(pid);
    return identity ? [{ identity, ...rest }] : [];
  });
}

function psEnvironments(): string {
  return execFileSync('ps', ['-axwwE', '-o', 'pid=,command='], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
}

/** Picks the processes with `name=value` from the output of `ps -E -o pid=,command=`. */
export function parsePs(
  output: string,
  name: string,
  value: string,
): (Omit<FoundProcess, 'identity'> & { pid: number })[] {
  return output.split('\n').flatMap((line) => {
    if (!`${line} `.includes(` ${name}=${value} `)) return [];
    const [, pid, command] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    if (!pid || !command) return [];
    const variables = [...command.matchAll(/(?<= )(COMPARATOR_\w+)=(.*?)(?= \w+=|$)/g)].map(
      ([, key = '', text = '']) => [key, text.trimEnd()] as const,
    );
    return [{ pid: Number(pid), args: [command], environment: Object.fromEntries(variables) }];
  });
}
