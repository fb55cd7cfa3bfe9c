import { compressionsAlgorithms, compressionsAlgorithmsByBitmask } from '@platformatic/kafka';
import type { KafkaSettings } from '../../../../../src/technologies/kafka/settings.ts';

/** A compression of record batches; `null` for none. */
export interface Codec {
  /** As in a batch's attributes. */
  id: number;
  compress(data: Buffer): Buffer;
}

/** The codec that the settings ask for. On the producer's own thread, so that requests keep their order. */
export function codecOf(compression: KafkaSettings['compression']): Codec | null {
  if (compression === 'none') return null;
  const { bitmask, compressSync } = compressionsAlgorithms[compression];
  return { id: bitmask, compress: compressSync };
}

/**
 * The records of a batch that was compressed.
 * @param id as in the batch's attributes
 * @throws when there is no such compression, or the data is damaged
 */
export function decompress(id: number, data: Buffer): Buffer {
  const codec = compressionsAlgorithmsByBitmask[String(id)];
  if (!codec) throw new Error(`a batch is compressed in an unknown way (${id})`);
  return codec.decompressSync(data);
}
