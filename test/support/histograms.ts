import { decodeFromCompressedBase64, type Histogram } from 'hdr-histogram-js';
import type { EncodedHistogram } from '../../src/contracts/documents/load-parts.ts';

/** The histogram behind an encoded one, of microseconds; null when nothing was counted. */
export function decodeHistogram(encoded: EncodedHistogram): Histogram | null {
  return encoded === null ? null : decodeFromCompressedBase64(encoded);
}
