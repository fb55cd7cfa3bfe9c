import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { inheritedEnvironment, projectRoot } from '../../config.ts';

/**
 * Runs a program, in the project's folder unless it is to be elsewhere, with our input and output, passing on the signals that end us.
 * @returns its exit code; 128 and the signal's number when a signal ended it
 */
export function runProgram(
  file: string,
  args: string[],
  environment: Record<string, string> = {},
  cwd: string = projectRoot,
): Promise<number> {
  const child = spawn(file, args, {
    cwd,
    stdio: 'inherit',
    env: { ...inheritedEnvironment(), ...environment },
  });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const passOn = (signal: NodeJS.Signals) => child.kill(signal);
  for (const signal of signals) process.on(signal, passOn);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const name of signals) process.off(name, passOn);
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}
