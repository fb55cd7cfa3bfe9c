import { Command } from 'commander';
import { readVersion } from '../config.ts';
import { registerClientCommands } from './commands/client.ts';
import { registerDemo } from './commands/demo.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerStart } from './commands/start.ts';
import { addHelp } from './help.ts';

/** The `comparator` command. Exit codes: src/contracts/README.md, "Commands". */
export function buildProgram(): Command {
  const program = new Command('comparator')
    .description('Compares streaming technologies under your load.')
    .version(readVersion())
    .showHelpAfterError('(comparator --help lists the commands)')
    .exitOverride();
  registerStart(program);
  registerDemo(program);
  registerClientCommands(program);
  registerDoctor(program);
  addHelp(program);
  return program;
}
