import { Command } from 'commander';
import { registerClientCommands } from '../../../src/cli/commands/client.ts';
import { reportError } from '../../../src/cli/errors.ts';

/** The client commands alone. */
const program = new Command('comparator').exitOverride();
registerClientCommands(program);
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportError(error);
}
