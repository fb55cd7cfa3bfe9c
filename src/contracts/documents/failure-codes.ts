import type { LoadFailureType } from '../temporal/loadgen-activities.ts';

/** What a `Failure` can say has failed, for programs: stable, one word or several with hyphens. */
export const failureCodes = {
  /** What the user gave cannot be used. */
  invalidInput: 'invalid-input',
  terraformFailed: 'terraform-failed',
  /** Only a person can decide how the destroy goes on. */
  operatorNeeded: 'operator-needed',
  /** A load generator, rather than the product, was gone more often than is tried again. */
  participantLost: 'participant-lost',
  /** The result could not be stored. */
  uploadFailed: 'upload-failed',
  /** At least one variant of a comparison failed. */
  variantFailed: 'variant-failed',
  /** Temporal no longer knows the workflow. */
  workflowLost: 'workflow-lost',
  workflowTerminated: 'workflow-terminated',
  workflowTimedOut: 'workflow-timed-out',
  /** Anything that was not foreseen. */
  internalError: 'internal-error',
} as const;

/** The code of what a load generator says has failed. */
export function loadFailureCode(type: LoadFailureType): FailureCode {
  return `load-${type}`;
}

export type FailureCode = (typeof failureCodes)[keyof typeof failureCodes] | `load-${LoadFailureType}`;
