import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { projectRoot } from '../config.ts';
import { registerClientCommands } from './commands/client.ts';
import { registerDemo } from './commands/demo.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerStart } from './commands/start.ts';
import { addHelp } from './help.ts';

/** The `comparator` command. Exit codes: src/contracts/README.md, "Commands". */
export function buildProgram(): Command {
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  const program = new Command('comparator')
    .description('Compares streaming technologies under your load.')
    .version(version)
    .showHelpAfterError('(comparator --help lists the commands)')
    .exitOverride();
  registerStart(program);
  registerDemo(program);
  registerClientCommands(program);
  registerDoctor(program);
  addHelp(program);
  return program;
}
