import { KinesisServiceException } from '@aws-sdk/client-kinesis';
import type { FailedAttempt } from '../sender/attempts.ts';

/** Refused for the rate of requests or data. */
const throttles = new Set([
  'ProvisionedThroughputExceededException',
  'LimitExceededException',
  'ThrottlingException',
  'KMSThrottlingException',
]);

/** What an error of the SDK means for a whole request. */
export function failureOfRequest(error: unknown): FailedAttempt {
  const { name, message, code } = error as Error & { code?: string };
  const failure = { reason: name, detail: message };
  if (throttles.has(name)) return { kind: 'refused', retriable: true, ...failure };
  if (error instanceof KinesisServiceException) {
    // What ends a subscription came with no status of its own.
    const status = error.$metadata?.httpStatusCode ?? (error.$fault === 'client' ? 400 : 500);
    if (status < 500) return { kind: 'refused', retriable: false, ...failure };
  }
  // No answer, or a server error: only a refused connection is certain to have carried nothing.
  return { kind: code === 'ECONNREFUSED' ? 'not-sent' : 'in-doubt', retriable: true, ...failure };
}

/** Whether a request was refused only for its rate, and may be made again as it is. */
export function isThrottle({ kind, retriable }: FailedAttempt): boolean {
  return kind === 'refused' && retriable;
}

/** What a record's own error code within PutRecords means. */
export function failureOfRecord(errorCode: string, errorMessage?: string): FailedAttempt {
  const kind = throttles.has(errorCode) ? 'refused' : 'in-doubt';
  return { kind, retriable: true, reason: errorCode, ...(errorMessage ? { detail: errorMessage } : {}) };
}
