import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { Diagnostic, Failure, Phase } from '../src/contracts/documents/progress.ts';
import { failureTypes } from '../src/contracts/temporal/control-activities.ts';
import { loadFailureTypes, lostSessionTypes } from '../src/contracts/temporal/loadgen-activities.ts';

/** The failure inside the wrappers that Temporal puts around what an activity or child threw. */
export function rootCause(error: unknown): unknown {
  return (error instanceof ActivityFailure || error instanceof ChildWorkflowFailure) && error.cause
    ? rootCause(error.cause)
    : error;
}

export function isOfType(error: unknown, type: string): boolean {
  const cause = rootCause(error);
  return cause instanceof ApplicationFailure && cause.type === type;
}

/** Whether a load generator, rather than the product, is gone: then the whole phase is worth repeating. */
export function isParticipantLost(error: unknown): boolean {
  return rootCause(error) instanceof TimeoutFailure || lostSessionTypes.some((type) => isOfType(error, type));
}

/** What the record, the result and the API say of a failure. */
export function describeFailure(error: unknown, phase: Phase): Failure {
  const cause = rootCause(error);
  const message = cause instanceof Error ? cause.message : String(cause);
  if (!(cause instanceof ApplicationFailure)) {
    return {
      code: cause instanceof TimeoutFailure ? lostCode : 'internal-error',
      phase,
      message,
      diagnostics: [],
    };
  }
  const diagnostics =
    cause.type === failureTypes.terraformFailed && Array.isArray(cause.details?.[0])
      ? (cause.details[0] as Diagnostic[])
      : [];
  return { code: failureCodes[cause.type ?? ''] ?? 'internal-error', phase, message, diagnostics };
}

const lostCode = 'participant-lost';

/** Codes are for programs: one word, or several with hyphens. */
const failureCodes: Record<string, string> = {
  [failureTypes.invalidInput]: 'invalid-input',
  [failureTypes.terraformFailed]: 'terraform-failed',
  [failureTypes.operatorNeeded]: 'operator-needed',
  ...Object.fromEntries(loadFailureTypes.map((type) => [type, `load-${type}`])),
  ...Object.fromEntries(lostSessionTypes.map((type) => [type, lostCode])),
};

/** The operator's notice inside an `OperatorNeeded` failure, or null. */
export function operatorNotice(error: unknown): { reason: string; actions: string[] } | null {
  if (!isOfType(error, failureTypes.operatorNeeded)) return null;
  const detail = (rootCause(error) as ApplicationFailure).details?.[0] as
    | { reason?: unknown; actions?: unknown }
    | undefined;
  return {
    reason: String(detail?.reason ?? (rootCause(error) as Error).message),
    actions: Array.isArray(detail?.actions) ? detail.actions.map(String) : [],
  };
}
