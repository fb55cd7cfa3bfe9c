import * as hdr from 'hdr-histogram-js';
import type { EncodedHistogram } from '../../contracts/documents/load-parts.ts';
import { pointsPerDecade, rarityAt } from './rarity.ts';

/** How many messages must lie beyond a percentile for it to be told. */
const fewestBeyond = 10;

/**
 * Latency by percentile, in ms, at the rarities of `rarityAt`, as far as the sample carries: ten messages lie beyond the
 * last. Empty for none, or for too few.
 */
export function percentileCurve(histogram: EncodedHistogram): number[] {
  if (histogram === null) return [];
  const decoded = hdr.decodeFromCompressedBase64(histogram);
  const rarest = decoded.totalCount / fewestBeyond;
  if (rarest < 1) return [];
  const length = Math.floor(Math.log10(rarest) * pointsPerDecade + 1e-9) + 1;
  return Array.from({ length }, (_, index) => {
    const percent = 100 * (1 - 1 / rarityAt(index));
    return Math.min(decoded.getValueAtPercentile(percent), decoded.maxValue) / 1_000;
  });
}
