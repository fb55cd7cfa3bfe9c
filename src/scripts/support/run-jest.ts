import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { say } from '../../cli/say.ts';
import { type Config, projectRoot } from '../../config.ts';
import { endProcess } from '../../machine/end.ts';
import { findProcesses, findVariableValues } from '../../machine/scan.ts';
import { runProgram } from './run-program.ts';

/**
 * Runs jest with these arguments, in a temporary folder that marks every process and file of its tests. Whatever stays
 * behind, also after an interrupt, is ended and removed.
 * @returns jest's exit code, or 1 when the tests pass and something stayed behind
 */
export async function runJest(config: Config, args: string[]): Promise<number> {
  const jest = join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
  const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'comparator-tests-')));
  try {
    const exitCode = await runProgram(process.execPath, ['--experimental-vm-modules', jest, ...args], {
      // Tests make homes of their own and share the tools.
      COMPARATOR_TOOLS: config.tools,
      // Experimental it is, and that is known.
      NODE_NO_WARNINGS: '1',
      TMPDIR: temporary,
    });
    const left = [...(await endProcessesOf(temporary)), ...readdirSync(temporary)];
    if (left.length === 0) return exitCode;
    say(`These tests left something behind: ${left.join(', ')}`);
    return exitCode || 1;
  } finally {
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Ends what was started with this temporary folder, or one below it; returns it as `pid command`. */
async function endProcessesOf(temporary: string): Promise<string[]> {
  const folders = findVariableValues('TMPDIR', temporary);
  const processes = folders.flatMap((folder) => findProcesses('TMPDIR', folder));
  await Promise.all(processes.map(({ identity }) => endProcess(identity, { signal: 'SIGKILL' })));
  return processes.map(({ identity, args }) => `${identity.pid} ${args.join(' ')}`);
}
