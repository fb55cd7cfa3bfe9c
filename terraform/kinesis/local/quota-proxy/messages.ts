/** Bodies of the Kinesis API (AWS JSON 1.1), as far as the proxy looks into them. */

export interface PutRecord {
  PartitionKey: string;
  ExplicitHashKey?: string;
  /** Base64. */
  Data: string;
}

export interface StreamReference {
  StreamName?: string;
  StreamARN?: string;
}

export interface PutRecordsAnswer {
  FailedRecordCount?: number;
  Records: object[];
}

export interface GetRecordsAnswer {
  Records: { Data: string; SequenceNumber: string; ApproximateArrivalTimestamp: number }[];
  NextShardIterator?: string;
  MillisBehindLatest?: number;
}

export interface Answer {
  status: number;
  body: object;
}

const throttling = 'ProvisionedThroughputExceededException';

/** Which shard a request or record was too much for, as the service's messages name it. */
export interface Throttled {
  shardId: string;
  streamName: string;
  accountId: string;
}

const explain = ({ shardId, streamName, accountId }: Throttled) =>
  `Rate exceeded for shard ${shardId} in stream ${streamName} under account ${accountId}.`;

/** Refuses a whole request for its rate. */
export function throttledAnswer(throttled: Throttled): Answer {
  return { status: 400, body: { __type: throttling, message: explain(throttled) } };
}

/** Refuses a request that no client of ours makes. */
export function refusedAnswer(message: string): Answer {
  return { status: 403, body: { __type: 'AccessDeniedException', message } };
}

/** A record's place in an answer to PutRecords when it was refused for its rate. */
export function throttledRecord(throttled: Throttled): object {
  return { ErrorCode: throttling, ErrorMessage: explain(throttled) };
}

/** An iterator that nobody handed out, or so long ago that it was forgotten. */
export const expiredIterator: Answer = {
  status: 400,
  body: { __type: 'ExpiredIteratorException', message: 'The shard iterator has expired; get a new one.' },
};

/** Name of the stream that a request means; null when it names none. */
export function streamNameOf({ StreamName, StreamARN }: StreamReference): string | null {
  return StreamName ?? StreamARN?.slice(StreamARN.lastIndexOf('/') + 1) ?? null;
}

/** What a record counts for in bytes: its data and its partition key. */
export function recordBytes({ Data, PartitionKey }: Pick<PutRecord, 'Data' | 'PartitionKey'>): number {
  return base64Bytes(Data) + Buffer.byteLength(PartitionKey);
}

/** Bytes that a base64 text, padded or not, stands for. */
export function base64Bytes(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return Math.floor(((text.length - padding) * 3) / 4);
}

/**
 * The answer to a whole PutRecords request of which only some records were passed on.
 * @param refused by each record's place in the request: its refusal, or null where it was passed on
 * @param passedOn the answer to those that were, in their order; null where there were none
 */
export function mergeAnswers(
  refused: readonly (object | null)[],
  passedOn: PutRecordsAnswer | null,
): PutRecordsAnswer {
  let next = 0;
  return {
    ...passedOn,
    FailedRecordCount: (passedOn?.FailedRecordCount ?? 0) + refused.filter((one) => one !== null).length,
    Records: refused.map((one) => one ?? (passedOn?.Records[next++] as object)),
  };
}

/** How many of the records, from the first on, a call may return: those that fit the bytes, and one in any case. */
export function returnable(
  records: readonly { Data: string }[],
  maxBytes: number,
): { count: number; bytes: number } {
  let bytes = 0;
  for (const [count, { Data }] of records.entries()) {
    const size = base64Bytes(Data);
    if (count > 0 && bytes + size > maxBytes) return { count, bytes };
    bytes += size;
  }
  return { count: records.length, bytes };
}
