import { crc32c } from '@node-rs/crc32';
import type { Workload } from '../../../../../src/contracts/input/workload.ts';
import {
  batchHeaderBytes,
  recordBodyBytes,
  recordBytes,
  varintBytes,
} from '../../../../../src/technologies/kafka/record-size.ts';
import { writeMessage, writeOrigin } from '../../../../measure/header.ts';
import { type DueMessage, MessageBatch } from '../../../../measure/message-batch.ts';
import { payloadFiller } from '../../../../measure/payload.ts';
import type { BatchContent } from '../../../sender/batcher.ts';
import { type Codec, decompress } from './compression.ts';
import { VarintReader, writeVarint } from './varint.ts';

/**
 * A record batch of version 2, big-endian:
 *
 *     0  int64  base offset          23 int32  last offset's difference  51 int16  producer epoch
 *     8  int32  bytes from 12 on     27 int64  base timestamp            53 int32  base sequence
 *     12 int32  leader epoch         35 int64  greatest timestamp        57 int32  number of records
 *     16 int8   version              43 int64  producer id               61 records
 *     17 uint32 CRC32C from 21 on
 *     21 int16  attributes: 3 bits compression, bit 5 control batch
 *
 * A record, numbers being varints:
 *
 *     bytes that follow, attributes (one byte), timestamp's difference, offset's difference,
 *     key's bytes (−1 for none), key, value's bytes, value, number of headers, headers
 */
const lengthEnd = 12;
const crcBegin = 21;
const version = 2;
const compressionMask = 0b111;
const controlMask = 1 << 5;
const high = 0x1_0000_0000;

/** Room in a new buffer for a first record's framing and key; a longer key makes it grow. */
const framingBytes = 128;

/** Who an idempotent producer is to the brokers. */
export interface ProducerIdentity {
  producerId: bigint;
  producerEpoch: number;
}

/** A producer that is not idempotent. */
export const anonymous: ProducerIdentity = { producerId: -1n, producerEpoch: -1 };

export interface BatchBufferOptions {
  /** Bytes of a batch, its header included, beyond which nothing is added; a first message always is. */
  batchSizeBytes: number;
  /** Of each message, without its key. */
  messageSizeBytes: number;
  payload: Workload['payload'];
}

/** Memory that one buffer takes. */
export function batchBufferBytes({ batchSizeBytes, messageSizeBytes }: BatchBufferOptions): number {
  return Math.max(batchSizeBytes, batchHeaderBytes + framingBytes + messageSizeBytes);
}

/**
 * Memory in which one record batch after the other is encoded. The payloads lie there from the beginning; for each
 * message only the record's framing, key and header are written. Without keys every record lies where its predecessor
 * did; keys shift the records, so for them the payloads are laid out anew for every batch.
 */
export class BatchBuffer implements BatchContent<DueMessage> {
  readonly messages: MessageBatch;
  /** As it was last sent; null while it takes messages, and when it has to be encoded anew. */
  encoded: Buffer | null = null;
  private readonly options: BatchBufferOptions;
  private buffer: Buffer;
  /** The buffer as it was filled, to lay random payloads out anew. */
  private payloads: Buffer | null = null;
  /** Payloads that are no mere random bytes, one a message of the batch, each to be copied as a whole. */
  private readonly wholePayloads: Buffer | null;
  private end = batchHeaderBytes;
  private createdEpochMs = 0;

  constructor(options: BatchBufferOptions) {
    this.options = options;
    const { batchSizeBytes, messageSizeBytes } = options;
    const smallest = recordBytes({ index: 0, keyBytes: -1, valueBytes: messageSizeBytes });
    const capacity = Math.floor((batchSizeBytes - batchHeaderBytes) / smallest);
    this.messages = new MessageBatch(Math.max(1, capacity));
    this.buffer = Buffer.allocUnsafeSlow(batchBufferBytes(options));
    const fill = payloadFiller(options.payload);
    if (options.payload.content === 'random') {
      this.wholePayloads = null;
      fill(this.buffer, messageSizeBytes);
    } else {
      this.wholePayloads = Buffer.allocUnsafeSlow(this.messages.sequences.length * messageSizeBytes);
      fill(this.wholePayloads, messageSizeBytes);
    }
  }

  /** Bytes of the batch so far, uncompressed. */
  get bytes(): number {
    return this.end;
  }

  /** Begins another batch, of messages of one round. */
  begin(round: number): void {
    this.messages.begin(round);
    this.encoded = null;
    this.end = batchHeaderBytes;
    this.createdEpochMs = Date.now();
    this.payloads?.copy(this.buffer);
  }

  /** Adds a message. Returns false, having added nothing, when the batch is full, or of another round. */
  append(message: DueMessage): boolean {
    const { messages } = this;
    if (message.origin.round !== messages.round) return false;
    const { batchSizeBytes, messageSizeBytes } = this.options;
    const { key } = message;
    const keyBytes = key === null ? -1 : key.length;
    const index = messages.count;
    const body = recordBodyBytes({ index, keyBytes, valueBytes: messageSizeBytes });
    const end = this.end + varintBytes(body) + body;
    if (index > 0 && (end > batchSizeBytes || messages.full)) return false;
    if (key !== null && !this.payloads && !this.wholePayloads) this.payloads = Buffer.from(this.buffer);
    if (end > this.buffer.length) this.grow(end);
    const { buffer } = this;
    let offset = writeVarint(buffer, this.end, body);
    buffer[offset++] = 0;
    buffer[offset++] = 0;
    offset = writeVarint(buffer, offset, index);
    offset = writeVarint(buffer, offset, keyBytes);
    if (key !== null) offset += key.copy(buffer, offset);
    offset = writeVarint(buffer, offset, messageSizeBytes);
    this.wholePayloads?.copy(buffer, offset, index * messageSizeBytes, (index + 1) * messageSizeBytes);
    writeOrigin(buffer, message.origin, offset);
    writeMessage(buffer, message.sequence, message.intendedMicros, offset);
    buffer[end - 1] = 0;
    this.end = end;
    messages.add(message);
    return true;
  }

  /**
   * The batch as it goes to the broker. Without compression it is the buffer itself, which must rest until the broker
   * has answered.
   */
  encode(codec: Codec | null, identity: ProducerIdentity, baseSequence: number): Buffer {
    const { buffer, end } = this;
    const records = codec?.compress(buffer.subarray(batchHeaderBytes, end));
    const batch = records
      ? Buffer.concat([buffer.subarray(0, batchHeaderBytes), records])
      : buffer.subarray(0, end);
    writeInt64(batch, 0, 0);
    batch.writeInt32BE(batch.length - lengthEnd, 8);
    batch.writeInt32BE(-1, 12);
    batch[16] = version;
    batch.writeInt16BE(codec?.id ?? 0, 21);
    batch.writeInt32BE(this.messages.count - 1, 23);
    writeInt64(batch, 27, this.createdEpochMs);
    writeInt64(batch, 35, this.createdEpochMs);
    batch.writeBigInt64BE(identity.producerId, 43);
    batch.writeInt16BE(identity.producerEpoch, 51);
    batch.writeInt32BE(baseSequence, 53);
    batch.writeInt32BE(this.messages.count, 57);
    batch.writeUInt32BE(crc32c(batch.subarray(crcBegin)), 17);
    return batch;
  }

  /** Makes room for a first message that has a long key. */
  private grow(bytes: number): void {
    this.buffer = Buffer.allocUnsafeSlow(bytes);
    if (this.wholePayloads) return;
    payloadFiller(this.options.payload)(this.buffer, this.options.messageSizeBytes);
    this.payloads = Buffer.from(this.buffer);
  }
}

/** Called with each record's value: where it lies in a buffer. */
export type OnValue = (buffer: Buffer, offset: number, length: number) => void;

/**
 * The offset that follows the last complete batch, or `fromOffset` when there is none. A response may end in the
 * middle of a batch.
 */
export function nextOffset(buffer: Buffer, begin: number, end: number, fromOffset: number): number {
  let next = fromOffset;
  for (let offset = begin; complete(buffer, offset, end); offset = batchEnd(buffer, offset)) {
    next = Math.max(next, readInt64(buffer, offset) + buffer.readInt32BE(offset + 23) + 1);
  }
  return next;
}

/**
 * Calls back with every record's value from `fromOffset` on, in order: a broker sends whole batches, also those in
 * which earlier offsets lie. Control batches and records without a value are left out.
 * @param onBatch called when a batch lies open, before the first of its values
 * @throws when a batch is damaged or of an unknown kind
 */
export function scanRecords(
  buffer: Buffer,
  begin: number,
  end: number,
  fromOffset: number,
  onValue: OnValue,
  onBatch: () => void = () => {},
): void {
  for (let offset = begin; complete(buffer, offset, end); offset = batchEnd(buffer, offset)) {
    if (buffer[offset + 16] !== version)
      throw new Error(`a record batch is of version ${buffer[offset + 16]}, from before Kafka 0.11`);
    const body = buffer.subarray(offset + crcBegin, batchEnd(buffer, offset));
    if (crc32c(body) !== buffer.readUInt32BE(offset + 17))
      throw new Error(`the record batch at offset ${readInt64(buffer, offset)} is damaged: its CRC differs`);
    const attributes = buffer.readInt16BE(offset + 21);
    if ((attributes & controlMask) !== 0) continue;
    const compression = attributes & compressionMask;
    const skipBelow = fromOffset - readInt64(buffer, offset);
    const count = buffer.readInt32BE(offset + 57);
    const packed = compression === 0 ? null : body.subarray(batchHeaderBytes - crcBegin);
    const records = packed && decompress(compression, packed);
    onBatch();
    if (records) scanBatch(records, 0, count, skipBelow, onValue);
    else scanBatch(buffer, offset + batchHeaderBytes, count, skipBelow, onValue);
  }
}

const reader = new VarintReader();

function scanBatch(buffer: Buffer, begin: number, count: number, skipBelow: number, onValue: OnValue): void {
  let next = begin;
  for (let record = 0; record < count; record++) {
    reader.offset = next;
    const length = reader.read(buffer);
    next = reader.offset + length;
    reader.offset++;
    reader.read(buffer);
    const offsetDelta = reader.read(buffer);
    const keyBytes = reader.read(buffer);
    if (keyBytes > 0) reader.offset += keyBytes;
    const valueBytes = reader.read(buffer);
    if (next > buffer.length) throw new Error('a record goes beyond its batch');
    if (valueBytes >= 0 && offsetDelta >= skipBelow) onValue(buffer, reader.offset, valueBytes);
  }
}

function complete(buffer: Buffer, offset: number, end: number): boolean {
  if (end - offset < batchHeaderBytes) return false;
  const behind = batchEnd(buffer, offset);
  return behind <= end && behind - offset >= batchHeaderBytes;
}

function batchEnd(buffer: Buffer, offset: number): number {
  return offset + lengthEnd + buffer.readInt32BE(offset + 8);
}

function readInt64(buffer: Buffer, offset: number): number {
  return buffer.readInt32BE(offset) * high + buffer.readUInt32BE(offset + 4);
}

function writeInt64(buffer: Buffer, offset: number, value: number): void {
  buffer.writeInt32BE(Math.floor(value / high), offset);
  buffer.writeUInt32BE(value >>> 0, offset + 4);
}
