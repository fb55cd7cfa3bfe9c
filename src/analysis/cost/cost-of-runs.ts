import type { Cost } from '../../contracts/documents/cost.ts';
import type { Result } from '../../contracts/documents/result.ts';

/** What a variant costs by several runs: whole that of the run in the middle, so that its arithmetic adds up. */
export function costOfRuns(results: readonly Pick<Result, 'cost'>[]): Cost | null {
  const costs = results.flatMap(({ cost }) => cost ?? []);
  const sorted = costs.toSorted((a, b) => a.usdPerMillionMessages - b.usdPerMillionMessages);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}
