import { failureTypes } from '../contracts/temporal/control-activities.ts';

/** What Temporal shall see of an error, for workflows to decide by. */
export interface FailureShape {
  type: string;
  /** Whether another attempt could end otherwise. */
  retryable: boolean;
  details?: unknown[];
}

/** An error that says itself how Temporal shall see it; every other one is `Unexpected`, and worth another attempt. */
export abstract class ActivityError extends Error {
  abstract readonly failureShape: FailureShape;
}

/** What the user gave cannot be used, however often it is tried. */
export class InvalidInputError extends ActivityError {
  override name = 'InvalidInputError';
  readonly failureShape: FailureShape;

  /** @param errors one for each faulty field, where fields are at fault */
  constructor(message: string, errors: readonly { pointer: string; detail: string }[] = []) {
    super(message);
    this.failureShape = { type: failureTypes.invalidInput, retryable: false, details: [errors] };
  }
}

/** This attempt no longer owns the work: another may, so it has stopped and written nothing more. */
export class AttemptLostError extends ActivityError {
  override name = 'AttemptLostError';
  readonly failureShape = { type: 'AttemptLost', retryable: true };
}

/** The attempt was asked to cancel, and has done what that takes. */
export class AttemptCancelledError extends Error {
  override name = 'AttemptCancelledError';
}
