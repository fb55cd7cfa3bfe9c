import { inspect } from 'node:util';
import { CommanderError } from 'commander';
import { StackStartAborted } from '../stack/orchestrator.ts';
import { UserError } from '../user-error.ts';
import { exitCodes } from './exit-codes.ts';
import { say } from './say.ts';

/** Tells a person about an error, and returns the exit code that it means. */
export function reportError(error: unknown): number {
  // commander has told already
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUse;
  if (error instanceof StackStartAborted) return exitCodes.interrupted;
  // A message may repeat a stranger's words, and `say` makes them harmless.
  say(error instanceof UserError ? error.message : inspect(error));
  return error instanceof UserError ? error.exitCode : exitCodes.failed;
}
