import type { Problem } from '../contracts/input/problem.ts';
import type { FileFault } from '../contracts/input/text/written/file-fault.ts';
import { FileFaultsError } from '../machine/written/file-faults.ts';
import { UserError } from '../user-error.ts';
import { ApiError } from './api/api-connection.ts';
import { exitCodes } from './exit-codes.ts';

/** What a command with `--json` answers when it does not do what was asked: RFC 9457, as the API does. */
export interface Refusal extends Omit<Problem, 'errors'> {
  /** In a file also with their lines and columns, from 1. */
  errors?: (NonNullable<Problem['errors']>[number] & Partial<Pick<FileFault, 'line' | 'column'>>)[];
}

/** An error as a document for a program. A `status` stands for the exit code where no API was asked. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof ApiError) return error.problem;
  const { message } = error as Error;
  const problem = (title: string, status: number) => ({
    type: 'about:blank',
    title,
    status,
    detail: message,
  });
  if (error instanceof FileFaultsError) return { ...problem('Invalid file', 422), errors: error.faults };
  if (!(error instanceof UserError)) return problem('Defect', 500);
  return error.exitCode === exitCodes.wrongUse ? problem('Wrong use', 400) : problem('Failed', 500);
}

/** Whether a command line asks for its answer in JSON. */
export function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  const options = end < 0 ? args : args.slice(0, end);
  return options.some(
    (option, index) =>
      option === '--json' ||
      option === '--format=json' ||
      (option === 'json' && options[index - 1] === '--format'),
  );
}
