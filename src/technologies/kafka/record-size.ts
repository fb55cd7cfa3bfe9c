/**
 * What messages take in a record batch of version 2, whose shape loadgen/drivers/kafka/flat/encoding/record-batch.ts has:
 * the broker's limits count all of it, and are on batches, not on messages.
 */
export const batchHeaderBytes = 61;

/** Bytes of a number as a varint: zigzag, then seven bits a byte. From −2^30 to 2^30 − 1. */
export function varintBytes(value: number): number {
  const zigzag = (value << 1) ^ (value >> 31);
  if (zigzag < 0x80) return 1;
  if (zigzag < 0x4000) return 2;
  if (zigzag < 0x20_0000) return 3;
  return zigzag < 0x1000_0000 ? 4 : 5;
}

export interface RecordShape {
  /** Its place in the batch, from 0. */
  index: number;
  /** −1 without a key. */
  keyBytes: number;
  valueBytes: number;
}

/** A byte each: the attributes, that its time is that of the whole batch, and that it has no headers. */
const fixedBytes = 3;

/** Bytes of a record behind its length. */
export function recordBodyBytes({ index, keyBytes, valueBytes }: RecordShape): number {
  const framing = fixedBytes + varintBytes(index) + varintBytes(keyBytes) + varintBytes(valueBytes);
  return framing + Math.max(0, keyBytes) + valueBytes;
}

/** Bytes of a whole record. */
export function recordBytes(shape: RecordShape): number {
  const body = recordBodyBytes(shape);
  return varintBytes(body) + body;
}

/** A batch of one message, which always goes however small `batchSizeBytes` is. */
export function smallestBatchBytes(messageSizeBytes: number, keyBytes: number | null): number {
  return batchHeaderBytes + recordBytes({ index: 0, keyBytes: keyBytes ?? -1, valueBytes: messageSizeBytes });
}

/** The largest batch that a codec never makes larger than this. */
export function mostBeforeCompression(bytes: number): number {
  return Math.max(0, Math.floor(((bytes - codecFrameBytes) * codecGrowth) / (codecGrowth + 1)) - 1);
}

/** Every codec stores what it cannot compress, with a few bytes for every some ten KiB and for the whole. */
const codecGrowth = 1_024;
const codecFrameBytes = 64;

/** The largest message, without its key, of which a batch comes to no more than this. */
export function largestMessageBytes(batchBytes: number, keyBytes: number | null): number {
  const fits = (size: number) => smallestBatchBytes(size, keyBytes) <= batchBytes;
  let size = Math.max(0, batchBytes - batchHeaderBytes);
  while (size > 0 && !fits(size)) {
    size = Math.max(0, size - (smallestBatchBytes(size, keyBytes) - batchBytes));
  }
  // A smaller message's lengths may take fewer bytes themselves.
  while (fits(size + 1)) size++;
  return size;
}
