import { KinesisServiceException } from '@aws-sdk/client-kinesis';
import { describe, expect, test } from '@jest/globals';
import { failureOfRequest, isThrottle } from '../../../../loadgen/drivers/kinesis/errors.ts';
import { resultsOf } from '../../../../loadgen/drivers/kinesis/transport.ts';

const batch = [1, 2, 3];
const taken = { SequenceNumber: '1', ShardId: 's' };
const acknowledged = { kind: 'acknowledged' };

describe("PutRecords' answer says of each record", () => {
  test.each([
    {
      answer: { FailedRecordCount: 0, Records: [taken, taken, taken] },
      expected: Array(3).fill(acknowledged),
    },
    // Looked at record by record only when it says that some failed.
    { answer: {}, expected: Array(3).fill(acknowledged) },
    {
      answer: {
        FailedRecordCount: 2,
        Records: [
          { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'Rate exceeded' },
          taken,
          { ErrorCode: 'InternalFailure' },
        ],
      },
      expected: [
        {
          kind: 'refused',
          retriable: true,
          reason: 'ProvisionedThroughputExceededException',
          detail: 'Rate exceeded',
        },
        acknowledged,
        // Whether the service had taken it nobody says.
        { kind: 'in-doubt', retriable: true, reason: 'InternalFailure' },
      ],
    },
  ])('$answer', ({ answer, expected }) => {
    expect(resultsOf(batch, answer)).toEqual(expected);
  });
});

test.each([
  { name: 'ProvisionedThroughputExceededException', status: 400, kind: 'refused', retriable: true },
  { name: 'KMSThrottlingException', status: 400, kind: 'refused', retriable: true },
  { name: 'ValidationException', status: 400, kind: 'refused', retriable: false },
  { name: 'InternalFailure', status: 500, kind: 'in-doubt', retriable: true },
])('$name refuses, or leaves in doubt, a whole request: $kind', ({ name, status, kind, retriable }) => {
  const error = new KinesisServiceException({
    name,
    message: 'why',
    $fault: 'client',
    $metadata: { httpStatusCode: status },
  });
  const failure = failureOfRequest(error);
  expect(failure).toEqual({ kind, retriable, reason: name, detail: 'why' });
  expect(isThrottle(failure)).toBe(kind === 'refused' && retriable);
});

test.each([
  { code: 'ECONNREFUSED', kind: 'not-sent' },
  { code: 'ECONNRESET', kind: 'in-doubt' },
])('a request that ends with $code is $kind', ({ code, kind }) => {
  const error = Object.assign(new Error('no answer'), { code });
  expect(failureOfRequest(error)).toMatchObject({ kind, retriable: true });
});
