import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { execa } from 'execa';
import type { ProcessIdentity } from '../contracts/storage/process.ts';
import { identifyProcess } from './identity.ts';

export interface DetachedCommand {
  /** Absolute path, or a name on the PATH given in `environment`. */
  file: string;
  args: string[];
  cwd: string;
  /** The whole environment; nothing is inherited. */
  environment: Record<string, string | undefined>;
  /** Standard output and error are appended here. */
  logFile: string;
}

/** How a process ended: with an exit code, or by a signal. */
export interface ProcessEnd {
  exitCode: number | undefined;
  signal: string | undefined;
}

/**
 * Starts a process in a session of its own that outlives us: no pipe to us that could break, no signal of our terminal.
 * @param onEnd called if it ends while we live
 * @returns its identity, at once; whether it is ready is for the caller to find out
 * @throws when the file cannot be executed
 */
export async function startDetached(
  command: DetachedCommand,
  onEnd?: (end: ProcessEnd) => void,
): Promise<ProcessIdentity> {
  mkdirSync(dirname(command.logFile), { recursive: true });
  // execa takes any open descriptor; its types know only the first ten.
  const log = openSync(command.logFile, 'a', 0o600) as 3;
  try {
    const child = execa(command.file, command.args, {
      cwd: command.cwd,
      env: command.environment,
      extendEnv: false,
      detached: true,
      cleanup: false,
      stdio: ['ignore', log, log],
      buffer: false,
      reject: false,
    });
    if (child.pid === undefined) throw new Error((await child).message);
    child.nodeChildProcess.unref();
    if (onEnd) void child.then(({ exitCode, signal }) => onEnd({ exitCode, signal }));
    // A child that ended at once is a zombie until we reap it, so its identity may already be gone.
    return identifyProcess(child.pid) ?? { pid: child.pid, startToken: 'ended at once' };
  } finally {
    closeSync(log);
  }
}
