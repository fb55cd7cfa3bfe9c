import type { LoadFailureType } from '../src/contracts/documents/failure-codes.ts';
import { ActivityError, type FailureShape } from '../src/temporal/activity-error.ts';

/** Why a session cannot go on. A new session with fresh clients may succeed; this one cannot. */
export class SessionError extends ActivityError {
  override name = 'SessionError';
  readonly type: LoadFailureType;
  readonly failureShape: FailureShape;

  constructor(type: LoadFailureType, message: string, options?: ErrorOptions) {
    super(message, options);
    this.type = type;
    this.failureShape = { type, retryable: false };
  }
}
