import type { ComparisonSpec } from '../comparison.ts';
import type { ExperimentSpec } from '../experiment.ts';
import { isProvisioned } from '../keeping/kept.ts';
import { seededRandom } from './random.ts';

/** One experiment of a comparison. */
export interface GridRun {
  experimentId: string;
  name: string;
  /** Index of its variant in the spec. */
  variant: number;
  /** From 1. */
  repetition: number;
}

/**
 * Id of a comparison's experiment, made from its parent's so that a retried start cannot make a second child.
 * @param index of the variant, counts from 0
 * @param block which repetition, counts from 0
 */
export function variantExperimentId(comparisonId: string, index: number, block = 0): string {
  const two = (count: number) => String(count + 1).padStart(2, '0');
  return `${comparisonId}-${two(index)}${block > 0 ? `-${two(block)}` : ''}`;
}

/** The experiment of one variant of a comparison. */
export function variantExperiment(comparison: ComparisonSpec, index: number): ExperimentSpec {
  const variant = comparison.variants[index];
  if (!variant) throw new RangeError(`comparison has no variant ${index}`);
  const { workload, requirements, region, budget, keepMinutes } = comparison;
  const cloud = variant.target === 'aws' ? { ...(region && { region }), ...(budget && { budget }) } : {};
  const kept = keepMinutes !== undefined && isProvisioned(variant.target) ? { keepMinutes } : {};
  return { ...variant, ...cloud, ...kept, workload, requirements };
}

/**
 * The experiments of a comparison in the order in which they run: block after block, in each every variant once, in an
 * order of its own that the seed decides. What drifts on the machine then hits all variants alike. A single repetition
 * keeps the order of the document.
 */
export function gridOf(
  { variants, repetitions, seed }: Pick<ComparisonSpec, 'variants' | 'repetitions' | 'seed'>,
  comparisonId: string,
): GridRun[] {
  const random = seededRandom(seed);
  return Array.from({ length: repetitions }, (_, block) => {
    const runs = variants.map(({ name }, variant) => ({
      experimentId: variantExperimentId(comparisonId, variant, block),
      name,
      variant,
      repetition: block + 1,
    }));
    return repetitions > 1 ? shuffled(runs, random) : runs;
  }).flat();
}

/** Fisher and Yates's. */
function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const chosen = Math.floor(random() * (last + 1));
    [order[last], order[chosen]] = [order[chosen] as T, order[last] as T];
  }
  return order;
}
