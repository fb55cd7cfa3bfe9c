import { failureCause } from '../../../src/analysis/report/failure-cause.ts';
import { namesInWords } from '../../../src/analysis/report/notes/names-in-words.ts';
import { InvalidInputError } from '../../../src/temporal/activity-error.ts';
import { UserError, wrongUse } from '../../../src/user-error.ts';
import { TerraformFailedError } from '../errors.ts';

/** How AWS's services say that credentials are not allowed a call. */
const denied = /AccessDenied|UnauthorizedOperation|AuthorizationError|not authorized to perform/i;

/**
 * Why nothing could be planned, as an error for whoever asked for it; any other error as it is.
 * @param names of the experiments that it was for
 */
export function refusalOf(names: readonly string[], error: unknown): unknown {
  const who = namesInWords(names);
  if (error instanceof InvalidInputError) return new UserError(`${who}: ${error.message}`, wrongUse);
  if (!(error instanceof TerraformFailedError)) return error;
  const { message, diagnostics } = error;
  const lines = [`${who}: ${message}`, ...failureCause({ message, diagnostics }).map((line) => `  ${line}`)];
  const isDenied = diagnostics.some(({ summary, detail }) => denied.test(`${summary}\n${detail}`));
  if (!isDenied) return new UserError(lines.join('\n'));
  return new UserError(
    [...lines, 'Allow these credentials what terraform/aws-policy.json lists, or use others.'].join('\n'),
    wrongUse,
  );
}
