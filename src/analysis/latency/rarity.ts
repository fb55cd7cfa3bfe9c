/** Points of a percentile curve for each ten times rarer. */
export const pointsPerDecade = 24;

/** x of a point: 1 / (1 - p), so that 10 is p90 and 1,000 is p99.9. */
export function rarityAt(index: number): number {
  return 10 ** (index / pointsPerDecade);
}

/** `p99.9` of 1,000; `p0` of 1. */
export function percentileName(rarity: number): string {
  return `p${Number((100 * (1 - 1 / rarity)).toPrecision(7))}`;
}
