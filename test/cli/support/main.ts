import { Command, CommanderError } from 'commander';
import { registerClientCommands } from '../../../src/cli/commands/client.ts';

/** The client commands alone. */
const program = new Command('comparator').exitOverride();
registerClientCommands(program);
try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
