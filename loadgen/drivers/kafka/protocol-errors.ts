import { type AttemptResult, acknowledged, type FailedAttempt } from '../sender/attempts.ts';

/** What an error of a produce request means for the batch that it is about. */
interface ProduceError {
  name: string;
  retriable?: true;
  /** The batch may be in the log all the same. */
  inDoubt?: true;
  /** Another broker may lead the partition. */
  staleLeader?: true;
}

/**
 * The errors with which brokers answer Produce, by their codes, as the protocol has them. The libraries' own tables differ
 * in names and in what may be tried again; what becomes of a message must not depend on them.
 */
const produceErrors: Record<number, ProduceError> = {
  [-1]: { name: 'UNKNOWN_SERVER_ERROR', inDoubt: true },
  2: { name: 'CORRUPT_MESSAGE', retriable: true },
  3: { name: 'UNKNOWN_TOPIC_OR_PARTITION', retriable: true, staleLeader: true },
  5: { name: 'LEADER_NOT_AVAILABLE', retriable: true, staleLeader: true },
  6: { name: 'NOT_LEADER_OR_FOLLOWER', retriable: true, staleLeader: true },
  7: { name: 'REQUEST_TIMED_OUT', retriable: true, inDoubt: true },
  9: { name: 'REPLICA_NOT_AVAILABLE', retriable: true },
  10: { name: 'MESSAGE_TOO_LARGE' },
  13: { name: 'NETWORK_EXCEPTION', retriable: true, inDoubt: true },
  17: { name: 'INVALID_TOPIC_EXCEPTION' },
  18: { name: 'RECORD_LIST_TOO_LARGE' },
  19: { name: 'NOT_ENOUGH_REPLICAS', retriable: true },
  20: { name: 'NOT_ENOUGH_REPLICAS_AFTER_APPEND', retriable: true, inDoubt: true },
  21: { name: 'INVALID_REQUIRED_ACKS' },
  29: { name: 'TOPIC_AUTHORIZATION_FAILED' },
  31: { name: 'CLUSTER_AUTHORIZATION_FAILED' },
  32: { name: 'INVALID_TIMESTAMP' },
  43: { name: 'UNSUPPORTED_FOR_MESSAGE_FORMAT' },
  45: { name: 'OUT_OF_ORDER_SEQUENCE_NUMBER' },
  46: { name: 'DUPLICATE_SEQUENCE_NUMBER' },
  47: { name: 'INVALID_PRODUCER_EPOCH' },
  49: { name: 'INVALID_PRODUCER_ID_MAPPING' },
  56: { name: 'KAFKA_STORAGE_ERROR', retriable: true, inDoubt: true, staleLeader: true },
  59: { name: 'UNKNOWN_PRODUCER_ID' },
  74: { name: 'FENCED_LEADER_EPOCH', retriable: true, staleLeader: true },
  75: { name: 'UNKNOWN_LEADER_EPOCH', retriable: true, staleLeader: true },
  76: { name: 'UNSUPPORTED_COMPRESSION_TYPE' },
  87: { name: 'INVALID_RECORD' },
  89: { name: 'THROTTLING_QUOTA_EXCEEDED', retriable: true },
  90: { name: 'PRODUCER_FENCED' },
};

/** Names of the errors after which another broker may lead the partition. */
export const staleLeaderErrors: ReadonlySet<string> = new Set(
  Object.values(produceErrors).flatMap(({ name, staleLeader }) => (staleLeader ? [name] : [])),
);

/**
 * What a broker's answer for a partition means for the batch that was sent there.
 * @param code as in the protocol; 0 for none
 */
export function resultOfErrorCode(code: number): AttemptResult {
  if (code === 0) return acknowledged;
  const { name, retriable, inDoubt } = produceErrors[code] ?? { name: `error ${code}` };
  // The broker has the batch already: an earlier attempt's answer was lost.
  if (name === 'DUPLICATE_SEQUENCE_NUMBER') return acknowledged;
  return { kind: inDoubt ? 'in-doubt' : 'refused', retriable: retriable === true, reason: name };
}

/** A broker answered, but not for the partition. */
export const unanswered: FailedAttempt = {
  kind: 'in-doubt',
  retriable: false,
  reason: 'the broker did not answer for the partition',
};

/**
 * What has become of each batch of a request by a library that retries an idempotent producer's requests by itself, for
 * it must: only its last attempt can be seen, and a batch may have been taken by an earlier one.
 */
export function afterHiddenAttempts(result: AttemptResult): AttemptResult {
  return result.kind === 'acknowledged' ? result : { ...result, kind: 'in-doubt' };
}
