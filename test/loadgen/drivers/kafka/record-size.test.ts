import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { compressionsAlgorithms, createRecordsBatch } from '@platformatic/kafka';
import { anonymous, BatchBuffer } from '../../../../loadgen/drivers/kafka/flat/encoding/record-batch.ts';
import {
  batchHeaderBytes,
  largestMessageBytes,
  mostBeforeCompression,
  recordBytes,
  smallestBatchBytes,
} from '../../../../src/technologies/kafka/record-size.ts';

const require = createRequire(import.meta.url);
const { RecordBatch: kafkajsBatch } = require('kafkajs/src/protocol/recordBatch/v0');
const kafkajsRecord = require('kafkajs/src/protocol/recordBatch/record/v0');

/** The most that a codec makes of what it cannot compress: a few bytes for every KiB, and for the whole. */
const mostCompressedBytes = (bytes: number) => bytes + Math.ceil(bytes / 1_024) + 64;

interface Messages {
  count: number;
  keyBytes: number;
  valueBytes: number;
}

const key = ({ keyBytes }: Messages) => (keyBytes < 0 ? null : Buffer.alloc(keyBytes, 'k'));

/** Bytes of a batch as each client encodes it. */
const encoders: Record<string, (messages: Messages) => Promise<number> | number> = {
  async kafkajs(messages) {
    const records = Array.from({ length: messages.count }, (_, offsetDelta) =>
      kafkajsRecord({ offsetDelta, key: key(messages), value: Buffer.alloc(messages.valueBytes) }),
    );
    return (await kafkajsBatch({ records, lastOffsetDelta: messages.count - 1 })).buffer.length;
  },
  platformatic(messages) {
    const all = Array.from({ length: messages.count }, () => ({
      topic: 'topic',
      key: key(messages) ?? undefined,
      value: Buffer.alloc(messages.valueBytes),
    }));
    return createRecordsBatch(all as never).length;
  },
  flat(messages) {
    const buffer = new BatchBuffer({
      batchSizeBytes: 4_000_000,
      messageSizeBytes: messages.valueBytes,
      payload: { content: 'random' },
    });
    const origin = { session: 1, round: 1, producer: 0 };
    buffer.begin(1);
    for (let sequence = 0; sequence < messages.count; sequence++) {
      buffer.append({ origin, sequence, intendedMicros: 0, sentMicros: 0, key: key(messages) });
    }
    return buffer.encode(null, anonymous, -1).length;
  },
};

describe.each(Object.keys(encoders))('a batch of %s', (client) => {
  test.each([
    { count: 1, keyBytes: -1, valueBytes: 32 },
    { count: 1, keyBytes: -1, valueBytes: 1_048_516 },
    { count: 1, keyBytes: 7, valueBytes: 1_048_509 },
    { count: 300, keyBytes: -1, valueBytes: 1_000 },
    { count: 9_000, keyBytes: 11, valueBytes: 100 },
    { count: 200, keyBytes: 100, valueBytes: 63 },
  ])('has the size that is counted for it: %j', async (messages) => {
    let counted = batchHeaderBytes;
    for (let index = 0; index < messages.count; index++) counted += recordBytes({ index, ...messages });
    expect(await encoders[client]?.(messages)).toBe(counted);
  });
});

test.each([100, 600, 10_000, 1_048_588, 2_097_152])(
  'the largest message for a limit of %i is the largest',
  (limit) => {
    for (const keyBytes of [null, 1, 13, 64]) {
      const largest = largestMessageBytes(limit, keyBytes);
      if (largest > 0) expect(smallestBatchBytes(largest, keyBytes)).toBeLessThanOrEqual(limit);
      expect(smallestBatchBytes(largest + 1, keyBytes)).toBeGreaterThan(limit);
    }
  },
);

test.each([100, 1_000, 16_384, 131_072, 1_047_500, 5_000_000])(
  'no codec makes %i random bytes larger than is counted with',
  (bytes) => {
    const data = randomBytes(bytes);
    const { snappy, lz4 } = compressionsAlgorithms;
    const sizes = [
      gzipSync(data).length,
      zstdCompressSync(data).length,
      ...[snappy, lz4].map((codec) => codec.compressSync(data).length),
    ];
    expect(Math.max(...sizes)).toBeLessThanOrEqual(mostCompressedBytes(bytes));
    expect(mostCompressedBytes(mostBeforeCompression(bytes))).toBeLessThanOrEqual(bytes);
  },
);
