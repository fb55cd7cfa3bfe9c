import type { Report } from '../../../contracts/documents/api.ts';

/** Who picked experiments by hand must know how they differ before the answer; a comparison's author chose by what. */
export function caveatsComeFirst({ comparisonId }: Pick<Report, 'comparisonId'>): boolean {
  return comparisonId === null;
}
