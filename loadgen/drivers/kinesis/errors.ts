import { KinesisServiceException } from '@aws-sdk/client-kinesis';

export interface RequestFailure {
  /** Whether the service may have done what was asked all the same. */
  inDoubt: boolean;
  retriable: boolean;
  /** Refused for the rate of requests or data. */
  throttled: boolean;
  reason: string;
}

const throttles = new Set([
  'ProvisionedThroughputExceededException',
  'LimitExceededException',
  'ThrottlingException',
  'KMSThrottlingException',
]);

/** What an error of the SDK means for a whole request. */
export function requestFailure(error: unknown): RequestFailure {
  const { name, message, code } = error as Error & { code?: string };
  const reason = `${name}: ${message}`;
  if (throttles.has(name)) return { inDoubt: false, retriable: true, throttled: true, reason };
  if (error instanceof KinesisServiceException) {
    const status = error.$metadata.httpStatusCode ?? 500;
    if (status < 500) return { inDoubt: false, retriable: false, throttled: false, reason };
  }
  // No answer, or a server error: only a refused connection is certain to have carried nothing.
  return { inDoubt: code !== 'ECONNREFUSED', retriable: true, throttled: false, reason };
}

/** What a record's own error code within PutRecords means. */
export function recordFailure(errorCode: string): Pick<RequestFailure, 'inDoubt' | 'throttled'> {
  const throttled = throttles.has(errorCode);
  return { inDoubt: !throttled, throttled };
}
