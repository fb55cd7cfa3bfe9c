import { UserError } from '../user-error.ts';

/** A mistake in how the command line is used, or an answer of the API that its user must know of. */
export class CliError extends UserError {
  override name = 'CliError';
}
