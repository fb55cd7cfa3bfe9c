type Values = ArrayLike<number | null | undefined>;

/** Some points of a chart together: where they begin and end, and between what the values of each line lie. */
export interface Stretch {
  from: number;
  until: number;
  /** Lowest and highest; null where there is none. */
  ranges: ([low: number, high: number] | null)[];
}

/** More rows than this nobody reads one by one. */
const mostStretches = 60;

/**
 * Points one by one or, where there are many, in stretches of as many each.
 * @param data the x of each point, then the values of each line
 */
export function stretchesOf([x, ...lines]: readonly Values[]): Stretch[] {
  const length = x?.length ?? 0;
  const size = Math.max(1, Math.ceil(length / mostStretches));
  return Array.from({ length: Math.ceil(length / size) }, (_, index) => {
    const [first, last] = [index * size, Math.min(length, (index + 1) * size) - 1];
    return {
      from: Math.round(x?.[first] ?? 0),
      until: Math.round(x?.[last] ?? 0),
      ranges: lines.map((values) => rangeWithin(values, first, last)),
    };
  });
}

/** Lowest and highest of a line, null where it has no value; `first` and `last` are places in it. */
export function rangeWithin(
  values: Values,
  first = 0,
  last = values.length - 1,
): [low: number, high: number] | null {
  let range: [number, number] | null = null;
  for (let at = first; at <= last; at++) {
    const value = values[at];
    if (typeof value !== 'number') continue;
    range = range ? [Math.min(range[0], value), Math.max(range[1], value)] : [value, value];
  }
  return range;
}
