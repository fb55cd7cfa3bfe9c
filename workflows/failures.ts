import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  TimeoutFailure,
} from '@temporalio/workflow';
import { failureTypes } from '../src/contracts/control.ts';
import type { Diagnostic, Failure, Phase } from '../src/contracts/progress.ts';

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
  return rootCause(error) instanceof TimeoutFailure || isOfType(error, failureTypes.sessionLost);
}

/** What the record, the result and the API say of a failure. */
export function describeFailure(error: unknown, phase: Phase): Failure {
  const cause = rootCause(error);
  const message = cause instanceof Error ? cause.message : String(cause);
  if (!(cause instanceof ApplicationFailure)) {
    const code = cause instanceof TimeoutFailure ? 'participant-lost' : 'internal-error';
    return { code, phase, message, diagnostics: [] };
  }
  const diagnostics =
    cause.type === failureTypes.terraformFailed && Array.isArray(cause.details?.[0])
      ? (cause.details[0] as Diagnostic[])
      : [];
  return { code: failureCode(cause.type), phase, message, diagnostics };
}

function failureCode(type: string | undefined | null): string {
  switch (type) {
    case failureTypes.invalidInput:
      return 'invalid-input';
    case failureTypes.terraformFailed:
      return 'terraform-failed';
    case failureTypes.operatorNeeded:
      return 'operator-needed';
    case failureTypes.sessionLost:
      return 'participant-lost';
    case failureTypes.loadFailed:
      return 'load-failed';
    default:
      return 'internal-error';
  }
}

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
