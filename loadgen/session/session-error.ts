import type { LoadFailureType } from '../../src/contracts/temporal/loadgen-activities.ts';

/** Why a session cannot go on. A new session with fresh clients may succeed; this one cannot. */
export class SessionError extends Error {
  override name = 'SessionError';
  readonly type: LoadFailureType;

  constructor(type: LoadFailureType, message: string, options?: ErrorOptions) {
    super(message, options);
    this.type = type;
  }
}
