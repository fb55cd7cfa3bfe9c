import { latencyMetric } from '../../../contracts/input/metric.ts';
import type { Requirement } from '../../../contracts/input/requirement.ts';
import { formatBound } from '../../report/format.ts';

type Most = Extract<Requirement, { atMost: number }>;
type Least = Extract<Requirement, { atLeast: number }>;

/** Pairs of requirements that nothing can meet both of; a clause each. */
export function contradictions(requirements: readonly Requirement[]): string[] {
  const least = requirements.filter((one): one is Least => 'atLeast' in one);
  return requirements
    .filter((one): one is Most => 'atMost' in one)
    .flatMap((most) => least.filter((other) => contradicts(most, other)).map((other) => clause(most, other)));
}

function clause({ metric, atMost }: Most, other: Least): string {
  const least = `${other.metric} of at least ${formatBound(other.metric, other.atLeast)}`;
  return `${metric} of at most ${formatBound(metric, atMost)} and ${least} can never both be met`;
}

function contradicts(most: Most, least: Least): boolean {
  return most.atMost < least.atLeast && isNeverBelow(most.metric, least.metric);
}

/** Whether one is at least as high as the other in every measurement. */
function isNeverBelow(metric: string, other: string): boolean {
  if (metric === other) return true;
  const [own, others] = [rankOf(metric), rankOf(other)];
  return own !== null && others !== null && own.kind === others.kind && own.rank >= others.rank;
}

/** Where a latency stands in the order of all of one kind; null for a mean, which may lie anywhere. */
function rankOf(metric: string): { kind: string; rank: number } | null {
  const latency = latencyMetric(metric);
  if (!latency || latency.number === 'meanMs') return null;
  return { kind: latency.kind, rank: latency.percentile ?? 100 };
}
