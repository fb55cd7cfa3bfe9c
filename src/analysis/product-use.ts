import type { LoadPart, ProductUse } from '../contracts/documents/load-parts.ts';
import type { Measurement } from '../contracts/documents/metrics.ts';
import type { Result } from '../contracts/documents/result.ts';
import { sum, sumOrNull } from './sum.ts';

/**
 * What the product used for the messages that it carried; null where its processes could not be seen. Every load
 * generator on the machine saw the same ones.
 */
export function productUseOf(parts: readonly LoadPart[], measurement: Measurement): Result['product'] {
  const [use] = parts.flatMap((part) => (part.kind === 'produce' && part.product ? [part.product] : []));
  return use ? { ...use, messagesPerCpuSecond: perCpuSecond(messagesCarried(measurement), use) } : null;
}

/** Messages that were taken and handed on while the use was counted: what came later took processor time of its own. */
function messagesCarried({ throughput, durationSeconds }: Measurement): number {
  return rateCarried(throughput) * durationSeconds;
}

/** Messages per second that went all the way. */
export function rateCarried({ produced, consumed }: Measurement['throughput']): number {
  return Math.min(produced.messagesPerSecond, consumed.messagesPerSecond);
}

/**
 * What it used in several runs: their sums, and the most memory that it had in any; null unless it was seen in all that
 * measured.
 */
export function productOfRuns(
  results: readonly Pick<Result, 'product' | 'measurement'>[],
): Result['product'] {
  const measured = results.filter(({ measurement }) => measurement !== null);
  const uses = measured.flatMap(({ product }) => product ?? []);
  if (uses.length === 0 || uses.length < measured.length) return null;
  const total = (field: keyof ProductUse) => sumOrNull(uses.map((use) => use[field]));
  const peaks = uses.map(({ peakMemoryBytes }) => peakMemoryBytes);
  const use: ProductUse = {
    cpuSeconds: total('cpuSeconds'),
    peakMemoryBytes: peaks.includes(null) ? null : Math.max(...(peaks as number[])),
    diskReadBytes: total('diskReadBytes'),
    diskWriteBytes: total('diskWriteBytes'),
  };
  const carried = sum(measured.map(({ measurement }) => (measurement ? messagesCarried(measurement) : 0)));
  return { ...use, messagesPerCpuSecond: perCpuSecond(carried, use) };
}

function perCpuSecond(messages: number, { cpuSeconds }: ProductUse): number | null {
  return cpuSeconds ? messages / cpuSeconds : null;
}
