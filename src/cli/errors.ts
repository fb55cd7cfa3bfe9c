import { inspect } from 'node:util';
import { CommanderError } from 'commander';
import { StackStartAborted } from '../stack/orchestrator.ts';
import { UserError } from '../user-error.ts';
import { CliError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';
import { asksForJson, refusalOf } from './refusal.ts';
import { printJson, say } from './say.ts';

/**
 * Tells a person about an error, a program too where it asked for JSON, and returns the exit code that it means.
 * @param args the command line
 */
export function reportError(error: unknown, args: readonly string[] = process.argv.slice(2)): number {
  if (error instanceof StackStartAborted) return exitCodes.interrupted;
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.done;
    // commander has told already, but no program.
    const wrongUse = new CliError(error.message.replace(/^error: /, ''), exitCodes.wrongUse);
    if (asksForJson(args)) printJson(refusalOf(wrongUse));
    return exitCodes.wrongUse;
  }
  if (asksForJson(args)) printJson(refusalOf(error));
  // A message may repeat a stranger's words, and `say` makes them harmless.
  say(error instanceof UserError ? error.message : inspect(error));
  return error instanceof UserError ? error.exitCode : exitCodes.failed;
}
