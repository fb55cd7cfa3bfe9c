import { reportError } from '../../cli/errors.ts';

/** Runs the body of an npm script; its result, or the error it throws, becomes the exit code. */
export async function runScript(body: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await body();
  } catch (error) {
    process.exitCode = reportError(error);
  }
}
