/** How many colours there are; of more lines, they come again. */
export const seriesColors = 8;

/** Dashes and gaps in pixels; of the first, none. */
const dashPatterns = [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 2, 5, 5], [2, 2, 2, 6], [14, 4]];

/**
 * What tells a line from others whose hue looks alike. There is one dash pattern less than there are colours, so that a
 * line of a colour that comes again has other dashes.
 */
export function dashesOf(index: number): number[] {
  return dashPatterns[index % dashPatterns.length] as number[];
}
