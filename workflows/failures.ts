import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  TimeoutFailure,
} from '@temporalio/workflow';
import {
  type FailureCode,
  failureCodes,
  loadFailureCode,
  loadFailureTypes,
} from '../src/contracts/documents/failure-codes.ts';
import { loadPhases } from '../src/contracts/documents/phases.ts';
import type { Diagnostic, Failure, Phase } from '../src/contracts/documents/progress.ts';
import { failureTypes } from '../src/contracts/temporal/control-activities.ts';
import { lostSessionTypes } from '../src/contracts/temporal/loadgen-activities.ts';

/** The failure inside the wrappers that Temporal puts around what an activity or child threw. */
export function rootCause(error: unknown): unknown {
  return (error instanceof ActivityFailure || error instanceof ChildWorkflowFailure) && error.cause
    ? rootCause(error.cause)
    : error;
}

/** What the last try said, also where the time for more of them was over. */
export function lastReason(error: unknown): string {
  const cause = rootCause(error);
  const last = cause instanceof TimeoutFailure ? (cause.cause ?? cause) : cause;
  return last instanceof Error ? last.message : String(last);
}

export function isOfType(error: unknown, type: string): boolean {
  const cause = rootCause(error);
  return cause instanceof ApplicationFailure && cause.type === type;
}

/** Whether nobody who asks for work of its task queue has begun an activity in time. */
export function isNotTakenUp(error: unknown): boolean {
  const cause = rootCause(error);
  return cause instanceof TimeoutFailure && cause.timeoutType === 'SCHEDULE_TO_START';
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
      code:
        cause instanceof TimeoutFailure && loadPhases.includes(phase)
          ? failureCodes.participantLost
          : failureCodes.internalError,
      phase,
      message,
      diagnostics: [],
    };
  }
  const diagnostics =
    cause.type === failureTypes.terraformFailed && Array.isArray(cause.details?.[0])
      ? (cause.details[0] as Diagnostic[])
      : [];
  return { code: codeByType[cause.type ?? ''] ?? failureCodes.internalError, phase, message, diagnostics };
}

const codeByType: Record<string, FailureCode> = {
  [failureTypes.invalidInput]: failureCodes.invalidInput,
  [failureTypes.terraformFailed]: failureCodes.terraformFailed,
  [failureTypes.operatorNeeded]: failureCodes.operatorNeeded,
  [failureTypes.infrastructureLost]: failureCodes.infrastructureLost,
  ...Object.fromEntries(loadFailureTypes.map((type) => [type, loadFailureCode(type)])),
  ...Object.fromEntries(lostSessionTypes.map((type) => [type, failureCodes.participantLost])),
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
