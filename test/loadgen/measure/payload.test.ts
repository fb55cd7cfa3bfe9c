import { gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { compressionsAlgorithms } from '@platformatic/kafka';
import { headerBytes } from '../../../loadgen/measure/header.ts';
import { MessagePool } from '../../../loadgen/measure/message-pool.ts';
import { payloadFiller } from '../../../loadgen/measure/payload.ts';
import type { Workload } from '../../../src/contracts/input/workload.ts';

const codecs = {
  gzip: (batch: Buffer) => gzipSync(batch),
  zstd: (batch: Buffer) => zstdCompressSync(batch),
  lz4: (batch: Buffer) => compressionsAlgorithms.lz4.compressSync(batch) as Buffer,
  snappy: (batch: Buffer) => compressionsAlgorithms.snappy.compressSync(batch) as Buffer,
};

/** Messages as a producer hands them over, 200 µs apart, in a batch of about 200 KB. */
function batchOf(
  payload: Workload['payload'],
  messageSizeBytes: number,
): { batch: Buffer; messages: number } {
  const pool = new MessagePool(messageSizeBytes, 64 * 1024 * 1024, payloadFiller(payload));
  const messages = Math.max(4, Math.floor(200_000 / messageSizeBytes));
  const values = Array.from({ length: messages }, (_, sequence) => {
    const message = pool.take({ session: 3, round: 1, producer: 0 }, 5_000 + sequence, 1e10 + sequence * 200);
    if (!message) throw new Error('the pool is empty');
    return message.value;
  });
  return { batch: Buffer.concat(values), messages };
}

describe('compressible payloads', () => {
  const cases = [64, 100, 200, 1_024, 16_384, 1_048_576].flatMap((sizeBytes) =>
    [1.5, 2, 4, 8, 16].filter((ratio) => sizeBytes / ratio >= 14).map((ratio) => ({ sizeBytes, ratio })),
  );

  test.each(cases)('of $sizeBytes bytes compress by $ratio', ({ sizeBytes, ratio }) => {
    const { batch, messages } = batchOf({ content: 'compressible', compressionRatio: ratio }, sizeBytes);
    const wanted = sizeBytes / ratio;
    for (const codec of ['gzip', 'zstd', 'lz4'] as const) {
      const compressed = codecs[codec](batch).length / messages;
      expect({ codec, near: Math.abs(compressed - wanted) <= 10 + 0.08 * wanted, compressed }).toMatchObject({
        codec,
        near: true,
      });
    }
  });

  test('compress less with snappy, which has no long matches', () => {
    const { batch } = batchOf({ content: 'compressible', compressionRatio: 50 }, 16_384);
    expect(batch.length / codecs.snappy(batch).length).toBeGreaterThan(14);
    expect(batch.length / codecs.snappy(batch).length).toBeLessThan(16);
  });

  test('share no random bytes, so that a batch compresses no better than its messages', () => {
    const { batch } = batchOf({ content: 'compressible', compressionRatio: 2 }, 1_024);
    const bodies = Array.from({ length: 190 }, (_, index) =>
      batch.subarray(index * 1_024 + headerBytes, index * 1_024 + headerBytes + 64).toString('hex'),
    );
    expect(new Set(bodies).size).toBe(190);
    expect(gunzipSync(codecs.gzip(batch)).equals(batch)).toBe(true);
  });
});

test('random payloads do not compress', () => {
  const { batch } = batchOf({ content: 'random' }, 16_384);
  for (const compress of Object.values(codecs)) {
    expect(compress(batch).length).toBeGreaterThan(batch.length * 0.99);
  }
});
