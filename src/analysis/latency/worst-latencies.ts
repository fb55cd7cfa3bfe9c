import { type SecondLatencies, secondLatenciesSchema } from '../../contracts/documents/metrics.ts';

const names = Object.keys(secondLatenciesSchema.shape) as (keyof SecondLatencies)[];

/** The latencies of a second in which nothing was counted. */
export const noLatencies: SecondLatencies = worstLatencies({}, {});

/** The worse of each of two seconds' latencies: percentiles cannot be added. What is left out was not counted. */
export function worstLatencies(a: Partial<SecondLatencies>, b: Partial<SecondLatencies>): SecondLatencies {
  return Object.fromEntries(
    names.map((name) => [name, worst(a[name] ?? null, b[name] ?? null)]),
  ) as SecondLatencies;
}

/** The greater of two; null stands for none. */
export function worst(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}
