import { join } from 'node:path';
import { type Config, projectRoot } from '../config.ts';
import { runProgram } from './run-program.ts';

/** Runs jest with these arguments; returns its exit code. */
export function runJest(config: Config, args: string[]): Promise<number> {
  const jest = join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
  return runProgram(process.execPath, ['--experimental-vm-modules', jest, ...args], {
    // Tests make homes of their own and share the tools.
    COMPARATOR_TOOLS: config.tools,
    // Experimental it is, and that is known.
    NODE_NO_WARNINGS: '1',
  });
}
