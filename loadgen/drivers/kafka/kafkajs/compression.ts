import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import kafkajs from 'kafkajs';
import type { KafkaSettings } from '../../../../src/technologies/kafka/settings.ts';

/** What kafkajs gives a codec; its `buffer` is what to compress. */
interface Encoder {
  buffer: Buffer;
}

/**
 * Gives kafkajs the codec that it does not bring along: zstd from Node, snappy and lz4 from @platformatic/kafka's
 * WebAssembly, loaded only when asked for. Of any other name there is nothing to give.
 */
export async function registerCodec(compression: string): Promise<void> {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  switch (compression) {
    case 'zstd':
      CompressionCodecs[CompressionTypes.ZSTD] = () => ({
        compress: async (encoder: Encoder) => zstdCompressSync(encoder.buffer),
        decompress: async (data: Buffer) => zstdDecompressSync(data),
      });
      return;
    case 'snappy':
    case 'lz4': {
      const { compressionsAlgorithms } = await import('@platformatic/kafka');
      const codec = compressionsAlgorithms[compression];
      const type = compression === 'snappy' ? CompressionTypes.Snappy : CompressionTypes.LZ4;
      CompressionCodecs[type] = () => ({
        compress: async (encoder: Encoder) => codec.compressSync(encoder.buffer),
        decompress: async (data: Buffer) => codec.decompressSync(data),
      });
      return;
    }
  }
}

/**
 * What may come back to a consumer: what its producers compress with, and what the broker does anew, which nobody knows of
 * a cluster with settings of its own.
 */
export function codecsToRead({
  cluster,
  compression,
  serverProperties,
}: Pick<KafkaSettings, 'cluster' | 'compression' | 'serverProperties'>): string[] {
  if (cluster !== undefined) return ['zstd', 'snappy', 'lz4'];
  return [compression, serverProperties['compression.type'] ?? 'producer'];
}
