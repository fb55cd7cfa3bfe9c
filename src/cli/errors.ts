import { CommanderError } from 'commander';
import { ConfigError } from '../config.ts';
import { PortError } from '../stack/ports/kept-ports.ts';
import { PartError } from '../stack/processes/supervised-process.ts';
import { SetupError } from '../stack/setup/requirement.ts';
import { StackRunsError, StackStartAborted } from '../stack/stack.ts';
import { CliError } from './cli-error.ts';

/** Errors that say by themselves what is wrong and what to do; others are defects and shown with their stack. */
const readableErrors = [ConfigError, SetupError, PortError, PartError, StackRunsError, CliError];

/** Tells a person about an error, and returns the exit code that it means (CONTRACT.md, "Commands"). */
export function reportError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has told already
  if (error instanceof StackStartAborted) return 130;
  const readable = readableErrors.some((type) => error instanceof type);
  console.error(readable ? (error as Error).message : error);
  if (error instanceof CliError) return error.exitCode;
  return error instanceof ConfigError ? 2 : 1;
}
