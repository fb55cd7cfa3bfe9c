import { protocolErrors, protocolErrorsCodesById } from '@platformatic/kafka';

/**
 * The two requests that carry messages, in the newest versions that Kafka from 2.4 to 4 has in common and that need no
 * look at tagged fields: Produce 8 and Fetch 11.
 */
export const produceApi = { key: 0, version: 8 };
export const fetchApi = { key: 1, version: 11 };

/** A string as in the protocol: two bytes of length, then UTF-8. */
export function stringBytes(text: string): Buffer {
  const bytes = Buffer.from(`\0\0${text}`);
  bytes.writeInt16BE(bytes.length - 2, 0);
  return bytes;
}

/** A batch on its way to a partition. */
export interface EncodedBatch {
  partition: number;
  batch: Buffer;
}

/** The body of a produce request for one topic; the batches are in it where they lie. */
export function produceBody(
  acks: number,
  timeoutMs: number,
  topic: string,
  batches: EncodedBatch[],
): Buffer[] {
  const name = stringBytes(topic);
  const head = Buffer.alloc(16 + name.length);
  // No transactional id.
  head.writeInt16BE(-1, 0);
  head.writeInt16BE(acks, 2);
  head.writeInt32BE(timeoutMs, 4);
  head.writeInt32BE(1, 8);
  name.copy(head, 12);
  head.writeInt32BE(batches.length, 12 + name.length);
  const body: Buffer[] = [head];
  for (const { partition, batch } of batches) {
    const before = Buffer.alloc(8);
    before.writeInt32BE(partition, 0);
    before.writeInt32BE(batch.length, 4);
    body.push(before, batch);
  }
  return body;
}

/** The broker's answer for each partition: 0, or the error's code. */
export function parseProduceResponse(answer: Buffer): Map<number, number> {
  const cursor = new Cursor(answer);
  const errors = new Map<number, number>();
  for (let topics = cursor.int32(); topics > 0; topics--) {
    cursor.string();
    for (let partitions = cursor.int32(); partitions > 0; partitions--) {
      const partition = cursor.int32();
      errors.set(partition, cursor.int16());
      // Base offset, append time, log start.
      cursor.skip(24);
      for (let records = cursor.int32(); records > 0; records--) {
        cursor.int32();
        cursor.string();
      }
      cursor.string();
    }
  }
  return errors;
}

export interface FetchRequest {
  maxWaitMs: number;
  maxBytes: number;
  partitionMaxBytes: number;
  topic: string;
  partitions: readonly { partition: number; offset: number }[];
}

/** The body of a fetch request without a session; it is answered as soon as there is anything. */
export function fetchBody(request: FetchRequest): Buffer {
  const { topic, partitions } = request;
  const name = stringBytes(topic);
  const body = Buffer.alloc(25 + 4 + name.length + 4 + partitions.length * 28 + 6);
  body.writeInt32BE(-1, 0);
  body.writeInt32BE(request.maxWaitMs, 4);
  body.writeInt32BE(1, 8);
  body.writeInt32BE(request.maxBytes, 12);
  // Isolation level 0 at 16, session id 0 at 17, session epoch −1.
  body.writeInt32BE(-1, 21);
  body.writeInt32BE(1, 25);
  let offset = 29 + name.copy(body, 29);
  offset = body.writeInt32BE(partitions.length, offset);
  for (const { partition, offset: from } of partitions) {
    offset = body.writeInt32BE(partition, offset);
    offset = body.writeInt32BE(-1, offset);
    offset = body.writeBigInt64BE(BigInt(from), offset);
    offset = body.writeBigInt64BE(-1n, offset);
    offset = body.writeInt32BE(request.partitionMaxBytes, offset);
  }
  // Nothing to forget, and no rack.
  return body;
}

/** Where a partition's record batches lie in a fetch response. */
export interface FetchedPartition {
  partition: number;
  errorCode: number;
  begin: number;
  end: number;
}

export interface FetchResponse {
  errorCode: number;
  buffer: Buffer;
  partitions: FetchedPartition[];
}

/** Finds the partitions in a fetch response. */
export function parseFetchResponse(buffer: Buffer): FetchResponse {
  const cursor = new Cursor(buffer);
  cursor.skip(4);
  const errorCode = cursor.int16();
  cursor.skip(4);
  const partitions: FetchedPartition[] = [];
  for (let topics = cursor.int32(); topics > 0; topics--) {
    cursor.string();
    for (let left = cursor.int32(); left > 0; left--) {
      const partition = cursor.int32();
      const error = cursor.int16();
      // High watermark, last stable offset, log start.
      cursor.skip(24);
      cursor.skip(Math.max(0, cursor.int32()) * 16);
      // Preferred replica.
      cursor.skip(4);
      const bytes = Math.max(0, cursor.int32());
      partitions.push({ partition, errorCode: error, begin: cursor.offset, end: cursor.offset + bytes });
      cursor.skip(bytes);
    }
  }
  return { errorCode, buffer, partitions };
}

/** An error of the protocol by its code. */
export interface ProtocolError {
  /** E.g. `NOT_LEADER_OR_FOLLOWER`. */
  name: string;
  retriable: boolean;
}

export function protocolErrorOf(code: number): ProtocolError {
  const name = protocolErrorsCodesById[code];
  return name
    ? { name, retriable: protocolErrors[name]?.canRetry ?? false }
    : { name: `error ${code}`, retriable: false };
}

/** Reads one field after the other. */
class Cursor {
  offset = 0;
  private readonly buffer: Buffer;

  constructor(buffer: Buffer) {
    this.buffer = buffer;
  }

  skip(bytes: number): void {
    this.offset += bytes;
  }

  int16(): number {
    this.offset += 2;
    return this.buffer.readInt16BE(this.offset - 2);
  }

  int32(): number {
    this.offset += 4;
    return this.buffer.readInt32BE(this.offset - 4);
  }

  /** Skips a string, which may be null. */
  string(): void {
    const bytes = this.int16();
    if (bytes > 0) this.offset += bytes;
  }
}
