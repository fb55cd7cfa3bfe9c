import * as hdr from 'hdr-histogram-js';
import type { Latency } from '../../contracts/documents/metrics.ts';

const ticksPerHalfDistance = 5;
const microsPerMs = 1_000;

/**
 * A latency in HdrHistogram's text format, in milliseconds, as its plotters take it.
 * @returns null where nothing was counted
 */
export function percentileDistribution({ histogram }: Pick<Latency, 'histogram'>): string | null {
  if (histogram === null) return null;
  return hdr
    .decodeFromCompressedBase64(histogram)
    .outputPercentileDistribution(ticksPerHalfDistance, microsPerMs);
}
