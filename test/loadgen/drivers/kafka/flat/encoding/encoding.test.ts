import { describe, expect, test } from '@jest/globals';
import { crc32c, createRecordsBatch, murmur2, Reader, readRecordsBatch, Writer } from '@platformatic/kafka';
import fc from 'fast-check';
import { FrameReader } from '../../../../../../loadgen/drivers/kafka/flat/channel.ts';
import { codecOf } from '../../../../../../loadgen/drivers/kafka/flat/encoding/compression.ts';
import { partitionOfKey } from '../../../../../../loadgen/drivers/kafka/flat/encoding/murmur2.ts';
import {
  anonymous,
  BatchBuffer,
  nextOffset,
  scanRecords,
} from '../../../../../../loadgen/drivers/kafka/flat/encoding/record-batch.ts';
import { VarintReader, writeVarint } from '../../../../../../loadgen/drivers/kafka/flat/encoding/varint.ts';
import { readIntendedMicros, readSequence } from '../../../../../../loadgen/measure/header.ts';
import { varintBytes } from '../../../../../../src/technologies/kafka/record-size.ts';

const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
const origin = { session: 7, round: 2, producer: 3 };

function due(sequence: number, key: Buffer | null = null) {
  return { origin, sequence, intendedMicros: 1e12 + sequence, sentMicros: 0, key };
}

function newBuffer(options: { batchSizeBytes?: number; messageSizeBytes?: number } = {}): BatchBuffer {
  const payload = { content: 'random' } as const;
  return new BatchBuffer({ batchSizeBytes: 16_384, messageSizeBytes: 100, payload, ...options });
}

/** A batch of the library's making, at an offset. */
function libraryBatch(
  values: Buffer[],
  firstOffset: number,
  compression: (typeof compressions)[number],
): Buffer {
  const messages = values.map((value) => ({ topic: 't', partition: 0, key: Buffer.from('k'), value }));
  const batch = Buffer.from(createRecordsBatch(messages, { compression }).buffer);
  batch.writeBigInt64BE(BigInt(firstOffset), 0);
  return batch;
}

function scanned(buffer: Buffer, fromOffset: number): string[] {
  const values: string[] = [];
  scanRecords(buffer, 0, buffer.length, fromOffset, (memory, offset, length) =>
    values.push(memory.toString('latin1', offset, offset + length)),
  );
  return values;
}

describe('varints', () => {
  test('are those of the library', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 30), max: 2 ** 30 - 1 }), (value) => {
        const buffer = Buffer.alloc(8);
        const end = writeVarint(buffer, 1, value);
        expect(end - 1).toBe(varintBytes(value));
        expect(buffer.subarray(1, end)).toEqual(Writer.create().appendVarInt(value).buffer);
        const reader = new VarintReader();
        reader.offset = 1;
        expect(reader.read(buffer)).toBe(value);
        expect(reader.offset).toBe(end);
      }),
    );
  });

  test('of 64 bits are passed over whole', () => {
    const buffer = Writer.create()
      .appendVarInt64(2n ** 62n)
      .appendVarInt(5).buffer;
    const reader = new VarintReader();
    reader.read(buffer);
    expect(reader.read(buffer)).toBe(5);
  });
});

test('keys go to the partitions that the library, hence Java, chooses', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 1, max: 1_000 }), (bytes, partitions) => {
      const key = Buffer.from(bytes);
      expect(partitionOfKey(key, partitions)).toBe((murmur2(key) & 0x7fff_ffff) % partitions);
    }),
  );
});

describe('a batch buffer', () => {
  test.each(compressions)('with compression %s encodes what the library reads', (compression) => {
    const buffer = newBuffer();
    const keys = [null, Buffer.from('a'), Buffer.from('a much longer key'), Buffer.alloc(0)];
    for (let round = 0; round < 3; round++) {
      buffer.begin(origin.round);
      for (let index = 0; index < 100; index++)
        expect(buffer.append(due(round * 1_000 + index, keys[index % keys.length] ?? null))).toBe(true);
      const encoded = buffer.encode(codecOf(compression), { producerId: 5n, producerEpoch: 1 }, 40);
      const batch = readRecordsBatch(Reader.from(encoded));
      expect(batch).toMatchObject({ magic: 2, lastOffsetDelta: 99, producerId: 5n, producerEpoch: 1 });
      expect(batch.firstSequence).toBe(40);
      expect(batch.length).toBe(encoded.length - 12);
      expect(Math.abs(Date.now() - Number(batch.firstTimestamp))).toBeLessThan(60_000);
      batch.records.forEach(({ key, value, offsetDelta }, index) => {
        expect(offsetDelta).toBe(index);
        expect(key).toEqual(keys[index % keys.length]);
        expect(value).toHaveLength(100);
        if (!value) throw new Error('no value');
        expect(readSequence(value)).toBe(round * 1_000 + index);
        expect(readIntendedMicros(value)).toBe(1e12 + round * 1_000 + index);
      });
    }
  });

  test('has the CRC that the library computes', () => {
    const buffer = newBuffer();
    buffer.begin(origin.round);
    buffer.append(due(0));
    const encoded = Buffer.from(buffer.encode(null, anonymous, -1));
    const { crc, records } = readRecordsBatch(Reader.from(encoded));
    const [record] = records;
    expect(scanned(encoded, 0)).toEqual([record?.value?.toString('latin1')]);
    encoded[80] = (encoded[80] ?? 0) ^ 1;
    expect(() => scanned(encoded, 0)).toThrow('is damaged');
    expect(crc).toBeGreaterThan(0);
  });

  test('takes no more than the size of a batch, but one message of any size', () => {
    const small = newBuffer({ batchSizeBytes: 500 });
    small.begin(origin.round);
    let taken = 0;
    while (small.append(due(taken))) taken++;
    expect(taken).toBe(4);
    expect(small.encode(null, anonymous, -1).length).toBeLessThanOrEqual(500);
    const tiny = newBuffer({ batchSizeBytes: 1, messageSizeBytes: 5_000 });
    tiny.begin(origin.round);
    expect(tiny.append(due(0, Buffer.alloc(1_000, 'k')))).toBe(true);
    expect(tiny.append(due(1))).toBe(false);
    const [record] = readRecordsBatch(Reader.from(tiny.encode(null, anonymous, -1))).records;
    expect([record?.key?.length, record?.value?.length]).toEqual([1_000, 5_000]);
  });

  test('keeps its payloads whole where keys of several lengths shift them', () => {
    const half = new BatchBuffer({
      batchSizeBytes: 4_096,
      messageSizeBytes: 200,
      payload: { content: 'compressible', compressionRatio: 2 },
    });
    const zeros = (value: Buffer) => value.subarray(value.findLastIndex((byte) => byte !== 0) + 1).length;
    for (let round = 0; round < 20; round++) {
      half.begin(origin.round);
      for (let index = 0; half.append(due(index, Buffer.alloc(1 + ((round + index) % 9), 'k'))); index++);
      const { records } = readRecordsBatch(Reader.from(half.encode(null, anonymous, -1)));
      expect(records.length).toBeGreaterThan(10);
      for (const { value } of records) {
        // Two random bytes more may happen to be 0.
        expect(zeros(value as Buffer)).toBeGreaterThan(80);
        expect(zeros(value as Buffer)).toBeLessThan(130);
      }
    }
  });
});

describe('scanning', () => {
  const values = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => Buffer.from(`value ${from + index}`));

  test.each(compressions)('reads what the library encoded with %s', (compression) => {
    const buffer = Buffer.concat([
      libraryBatch(values(10, 5), 10, compression),
      libraryBatch(values(15, 3), 15, compression),
    ]);
    expect(nextOffset(buffer, 0, buffer.length, 10)).toBe(18);
    expect(scanned(buffer, 10)).toEqual(values(10, 8).map(String));
  });

  test('begins at the offset asked for, in the middle of a batch', () => {
    const buffer = libraryBatch(values(10, 5), 10, 'none');
    expect(scanned(buffer, 13)).toEqual(['value 13', 'value 14']);
  });

  test('leaves a batch that was cut off for the next time', () => {
    const whole = libraryBatch(values(0, 5), 0, 'none');
    const cut = libraryBatch(values(5, 5), 5, 'none');
    for (let bytes = 0; bytes < cut.length; bytes++) {
      const buffer = Buffer.concat([whole, cut.subarray(0, bytes)]);
      expect(nextOffset(buffer, 0, buffer.length, 0)).toBe(5);
      expect(scanned(buffer, 0)).toHaveLength(5);
    }
  });

  test('passes over control batches', () => {
    const control = libraryBatch(values(0, 1), 0, 'none');
    const attributes = Buffer.from(control);
    attributes.writeInt16BE(1 << 5, 21);
    attributes.writeUInt32BE(crc32c(attributes.subarray(21)), 17);
    const buffer = Buffer.concat([attributes, libraryBatch(values(1, 2), 1, 'none')]);
    expect(nextOffset(buffer, 0, buffer.length, 0)).toBe(3);
    expect(scanned(buffer, 0)).toEqual(['value 1', 'value 2']);
  });
});

describe('a frame reader', () => {
  test('finds the frames however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }),
        (bodies, cuts) => {
          const frames = bodies.map((body) => {
            const frame = Buffer.alloc(4 + body.length);
            frame.writeInt32BE(body.length, 0);
            frame.set(body, 4);
            return frame;
          });
          const stream = Buffer.concat(frames);
          const found: Buffer[] = [];
          const reader = new FrameReader((frame) => found.push(Buffer.from(frame)));
          for (let offset = 0, cut = 0; offset < stream.length; cut++) {
            const bytes = cuts[cut % cuts.length] as number;
            reader.push(stream.subarray(offset, offset + bytes));
            offset += bytes;
          }
          expect(found).toEqual(frames);
        },
      ),
    );
  });

  test('gathers frames beyond its memory', () => {
    const frame = Buffer.alloc(1_000_000, 'x');
    frame.writeInt32BE(frame.length - 4, 0);
    const found: Buffer[] = [];
    const reader = new FrameReader((whole) => found.push(Buffer.from(whole)));
    for (let offset = 0; offset < frame.length; offset += 65_536)
      reader.push(frame.subarray(offset, offset + 65_536));
    expect(found).toEqual([frame]);
  });
});
