import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { ActivityError, AttemptCancelledError } from './activity-error.ts';
import { endingOf } from './cancellation.ts';

/** Translates what the activities of a worker throw; every worker runs with it, and nothing else translates. */
export const failureInterceptor: ActivityInterceptorsFactory = (context) => ({
  inbound: {
    async execute(input, next) {
      try {
        return await next(input);
      } catch (error) {
        const failure = failureOf(error);
        // The SDK tells a paused, reset or shut-down activity from a failed one by its own reason.
        if (endingOf(context) === 'lost' && !(failure instanceof CancelledFailure)) {
          throw context.cancellationSignal.reason ?? failure;
        }
        throw failure;
      }
    },
  },
});

/** What Temporal shall see of an error. */
export function failureOf(error: unknown): Error {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  if (error instanceof AttemptCancelledError) return new CancelledFailure(error.message);
  const { type, retryable, details } =
    error instanceof ActivityError
      ? error.failureShape
      : { type: 'Unexpected', retryable: true, details: undefined };
  return ApplicationFailure.create({
    message: error instanceof Error ? error.message : String(error),
    type,
    nonRetryable: !retryable,
    details,
    cause: error instanceof Error ? error : undefined,
  });
}
