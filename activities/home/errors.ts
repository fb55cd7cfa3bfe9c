import type { Diagnostic } from '../../src/contracts/documents/progress.ts';
import { failureTypes } from '../../src/contracts/temporal/control-activities.ts';
import { ActivityError, type FailureShape } from '../../src/temporal/activity-error.ts';

/** Terraform, or what it is needed for, failed; another attempt may succeed. */
export class TerraformFailedError extends ActivityError {
  override name = 'TerraformFailedError';
  readonly diagnostics: Diagnostic[];
  readonly failureShape: FailureShape;

  constructor(message: string, diagnostics: Diagnostic[]) {
    super(message);
    this.diagnostics = diagnostics;
    this.failureShape = { type: failureTypes.terraformFailed, retryable: true, details: [diagnostics] };
  }
}

/** Another experiment is being measured, which terraform would disturb; a later attempt may find it ended. */
export class NotQuietError extends ActivityError {
  override name = 'NotQuietError';
  readonly failureShape = { type: failureTypes.notQuiet, retryable: true };

  constructor(what: string) {
    super(`waits for ${what}`);
  }
}

/** Going on could do harm, and only a person can tell; later attempts look again. */
export class OperatorNeededError extends ActivityError {
  override name = 'OperatorNeededError';
  readonly reason: string;
  /** What a person can do, most promising first. */
  readonly actions: string[];
  readonly failureShape: FailureShape;

  constructor(reason: string, actions: string[]) {
    super(reason);
    this.reason = reason;
    this.actions = actions;
    this.failureShape = {
      type: failureTypes.operatorNeeded,
      retryable: true,
      details: [{ reason, actions }],
    };
  }
}
