import { expect, test } from '@jest/globals';
import { protocolErrors } from '@platformatic/kafka';
import { resultOfErrorCode, staleLeaderErrors } from '../../../../loadgen/drivers/kafka/protocol-errors.ts';

test.each([
  [0, { kind: 'acknowledged' }],
  [10, { kind: 'refused', retriable: false, reason: 'MESSAGE_TOO_LARGE' }],
  [87, { kind: 'refused', retriable: false, reason: 'INVALID_RECORD' }],
  [19, { kind: 'refused', retriable: true, reason: 'NOT_ENOUGH_REPLICAS' }],
  [6, { kind: 'refused', retriable: true, reason: 'NOT_LEADER_OR_FOLLOWER' }],
  // It was appended before too few replicas were found to be in sync.
  [20, { kind: 'in-doubt', retriable: true, reason: 'NOT_ENOUGH_REPLICAS_AFTER_APPEND' }],
  [7, { kind: 'in-doubt', retriable: true, reason: 'REQUEST_TIMED_OUT' }],
  [-1, { kind: 'in-doubt', retriable: false, reason: 'UNKNOWN_SERVER_ERROR' }],
  // An earlier attempt's answer was lost.
  [46, { kind: 'acknowledged' }],
  [9_999, { kind: 'refused', retriable: false, reason: 'error 9999' }],
])('the error code %i', (code, expected) => {
  expect(resultOfErrorCode(code)).toEqual(expected);
});

test('errors have the names that the protocol gives them', () => {
  const byCode = new Map(Object.values(protocolErrors).map(({ id, code }) => [code, id]));
  for (let code = -1; code < 100; code++) {
    const result = resultOfErrorCode(code);
    if (result.kind === 'acknowledged' || result.reason === `error ${code}`) continue;
    expect([code, result.reason]).toEqual([code, byCode.get(code)]);
  }
  expect(staleLeaderErrors).toContain('NOT_LEADER_OR_FOLLOWER');
  expect(staleLeaderErrors).not.toContain('NOT_ENOUGH_REPLICAS');
});
