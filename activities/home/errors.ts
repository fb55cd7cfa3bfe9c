import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { ZodError } from 'zod';
import type { Diagnostic } from '../../src/contracts/documents/progress.ts';
import { failureTypes } from '../../src/contracts/temporal/control-activities.ts';
import { UserError } from '../../src/user-error.ts';

/** The input cannot be used, however often it is tried. */
export class InvalidInputError extends UserError {
  override name = 'InvalidInputError';
}

/** Terraform, or what it is needed for, failed; another attempt may succeed. */
export class TerraformFailedError extends Error {
  override name = 'TerraformFailedError';
  readonly diagnostics: Diagnostic[];

  constructor(message: string, diagnostics: Diagnostic[]) {
    super(message);
    this.diagnostics = diagnostics;
  }
}

/** Going on could do harm, and only a person can tell; later attempts look again. */
export class OperatorNeededError extends Error {
  override name = 'OperatorNeededError';
  readonly reason: string;
  /** What a person can do, most promising first. */
  readonly actions: string[];

  constructor(reason: string, actions: string[]) {
    super(reason);
    this.reason = reason;
    this.actions = actions;
  }
}

/** This attempt no longer owns the work: another may, so it has stopped and written nothing more. */
export class AttemptLostError extends Error {
  override name = 'AttemptLostError';
}

/** The attempt was asked to cancel, and has done what that takes. */
export class AttemptCancelledError extends Error {
  override name = 'AttemptCancelledError';
}

/** Types beside those that workflows decide by; all retryable. */
const otherTypes = {
  /** The attempt lost its claim to a later one. */
  attemptLost: 'AttemptLost',
  /** Anything that was not foreseen. */
  unexpected: 'Unexpected',
} as const;

/** Translates what an activity threw into what Temporal shall see; the one place that does. */
export function toTemporalFailure(error: unknown): Error {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  const fail = (type: string, options: { nonRetryable?: boolean; details?: unknown[] } = {}) =>
    ApplicationFailure.create({
      message: error instanceof Error ? error.message : String(error),
      type,
      cause: error instanceof Error ? error : undefined,
      ...options,
    });
  if (error instanceof AttemptCancelledError) return new CancelledFailure(error.message);
  if (error instanceof InvalidInputError || error instanceof ZodError) {
    return fail(failureTypes.invalidInput, { nonRetryable: true });
  }
  if (error instanceof TerraformFailedError) {
    return fail(failureTypes.terraformFailed, { details: [error.diagnostics] });
  }
  if (error instanceof OperatorNeededError) {
    return fail(failureTypes.operatorNeeded, { details: [{ reason: error.reason, actions: error.actions }] });
  }
  if (error instanceof AttemptLostError) return fail(otherTypes.attemptLost);
  return fail(otherTypes.unexpected);
}
