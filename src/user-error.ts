/** Exit code of wrong use or invalid input, where nothing was started. */
export const wrongUse = 2;

/**
 * Something that a person can mend: a mistake of theirs, or of what surrounds the program. The message says what is
 * wrong, where, and what to do, so it is shown without a stack. Whatever else is thrown is a defect of ours.
 */
export class UserError extends Error {
  override name = 'UserError';
  /** Of the program that it ends. */
  readonly exitCode: number;

  constructor(message: string, exitCode = 1, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** Tells a person, on standard error, about an error that ends a program, and returns the exit code that it means. */
export function reportFatal(error: unknown): number {
  console.error(error instanceof UserError ? error.message : error);
  return error instanceof UserError ? error.exitCode : 1;
}
