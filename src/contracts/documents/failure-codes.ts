/** What a `Failure` can say has failed, for programs: stable, one word or several with hyphens. */
export const failureCodes = {
  /** What the user gave cannot be used. */
  invalidInput: 'invalid-input',
  terraformFailed: 'terraform-failed',
  /** Only a person can decide how the destroy goes on. */
  operatorNeeded: 'operator-needed',
  /** What was provisioned was gone again and again, before a load could begin. */
  infrastructureLost: 'infrastructure-lost',
  /** A load generator, rather than the product, was gone more often than is tried again. */
  participantLost: 'participant-lost',
  /** The load ran to its end, and the product acknowledged not one message of it. */
  nothingAcknowledged: 'nothing-acknowledged',
  /** It took longer than its budget allows. */
  timeLimit: 'time-limit',
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

/**
 * Types of the `ApplicationFailure`s that a load generator's activities end with. None is worth retrying on the same session: the
 * phase starts over with a new one.
 */
export const loadFailureTypes = [
  /** The session is not open in this process, e.g. because the process was started anew. */
  'not-open',
  /** The session was opened before, by an earlier attempt. */
  'already-open',
  /** This side of the measurement was run before, by an earlier attempt. */
  'already-measured',
  /** The product cannot be reached, or its consumers were given nothing. */
  'open-failed',
  /** Not one message of the warm-up was acknowledged. */
  'warm-up-failed',
  /** A client broke for good, or its thread died. */
  'thread-broken',
  /** What was measured could not be uploaded. */
  'upload-failed',
  /** Another load generator of the session was not heard of. */
  'peer-missing',
  /** All load generators were ready too late for the start that they had agreed on. */
  'started-late',
  /** What was left of the round before did not stop arriving. */
  'undrained',
  /** Messages arrived before they were to be sent, so that no latency can be told. */
  'clocks-differ',
] as const;
export type LoadFailureType = (typeof loadFailureTypes)[number];

/** The code of what a load generator says has failed. */
export function loadFailureCode(type: LoadFailureType): FailureCode {
  return `load-${type}`;
}

export type FailureCode = (typeof failureCodes)[keyof typeof failureCodes] | `load-${LoadFailureType}`;
