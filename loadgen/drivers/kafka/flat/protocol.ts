import { protocolErrors, protocolErrorsCodesById, type Reader, Writer } from '@platformatic/kafka';

/**
 * The two requests that carry messages, in the newest versions that Kafka from 2.4 to 4 has in common and that need no
 * look at tagged fields: Produce 8 and Fetch 11.
 */
export const produceApi = { key: 0, version: 8 };
export const fetchApi = { key: 1, version: 11 };

/** A batch on its way to a partition. */
export interface EncodedBatch {
  partition: number;
  batch: Buffer;
}

/** A produce request for one topic; what it is made of is referred to, not copied. */
export function produceRequest(
  acks: number,
  timeoutMs: number,
  topic: string,
  batches: EncodedBatch[],
): Writer {
  const writer = Writer.create().appendString(null, false).appendInt16(acks).appendInt32(timeoutMs);
  writer.appendInt32(1).appendString(topic, false).appendInt32(batches.length);
  for (const { partition, batch } of batches)
    writer.appendInt32(partition).appendInt32(batch.length).append(batch);
  if (acks === 0) writer.context.noResponse = true;
  return writer;
}

/** The broker's answer for each partition: 0, or the error's code. */
export function parseProduceResponse(reader: Reader): Map<number, number> {
  const cursor = new Cursor(reader.buffer.buffer);
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

/** A fetch request without a session; it is answered as soon as there is anything. */
export function fetchRequest(request: FetchRequest): Writer {
  const { partitions } = request;
  const writer = Writer.create().appendInt32(-1).appendInt32(request.maxWaitMs).appendInt32(1);
  // Isolation level 0, session id 0, session epoch −1.
  writer.appendInt32(request.maxBytes).appendInt8(0).appendInt32(0).appendInt32(-1);
  writer.appendInt32(1).appendString(request.topic, false).appendInt32(partitions.length);
  for (const { partition, offset } of partitions) {
    writer.appendInt32(partition).appendInt32(-1).appendInt64(BigInt(offset)).appendInt64(-1n);
    writer.appendInt32(request.partitionMaxBytes);
  }
  return writer.appendInt32(0).appendString('', false);
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

/** Finds the partitions in a fetch response that lies in one piece. */
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

/** A response in one piece, in memory that is used again where it came in several. */
export class ResponseMemory {
  private memory = Buffer.alloc(0);

  contiguous(reader: Reader): Buffer {
    const { buffers, length } = reader.buffer;
    if (buffers.length === 1) return buffers[0] as Buffer;
    if (this.memory.length < length) this.memory = Buffer.allocUnsafeSlow(length * 2);
    let offset = 0;
    for (const buffer of buffers) offset += buffer.copy(this.memory, offset);
    return this.memory.subarray(0, length);
  }
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
