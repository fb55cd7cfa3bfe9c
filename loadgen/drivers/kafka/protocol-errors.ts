import type { AttemptResult } from '../sender/attempts.ts';

/** Errors of a produce request after which the batch may be in the log all the same. */
const inDoubtErrors = new Set([
  'UNKNOWN',
  'UNKNOWN_SERVER_ERROR',
  'REQUEST_TIMED_OUT',
  'NETWORK_EXCEPTION',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'KAFKA_STORAGE_ERROR',
]);

/**
 * What a broker's error means for the batches of one produce request.
 * @param name as in the protocol, e.g. `MESSAGE_TOO_LARGE`
 * @param partitions how many the request was for: the clients report one partition's error for all of them, so with
 *   several the others may have been taken
 */
export function resultOfProtocolError(name: string, retriable: boolean, partitions: number): AttemptResult {
  // The broker has the batch already: an earlier attempt's answer was lost.
  if (name === 'DUPLICATE_SEQUENCE_NUMBER' && partitions === 1) return { kind: 'acknowledged' };
  const kind = inDoubtErrors.has(name) || partitions > 1 ? 'in-doubt' : 'refused';
  return { kind, retriable, reason: name };
}
