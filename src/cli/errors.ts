import { CommanderError } from 'commander';
import { StackStartAborted } from '../stack/stack.ts';
import { reportFatal } from '../user-error.ts';

/** Tells a person about an error, and returns the exit code that it means. */
export function reportError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has told already
  if (error instanceof StackStartAborted) return 130;
  return reportFatal(error);
}
