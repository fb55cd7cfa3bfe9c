import type { ComparisonSpec } from '../../contracts/input/comparison.ts';
import type { ExperimentSpec } from '../../contracts/input/experiment.ts';
import { variantExperiment } from '../../contracts/input/grid/grid.ts';
import type { FieldError } from '../../contracts/input/problem.ts';
import type { PriceBook } from '../../technologies/prices.ts';
import { listPrices } from '../../technologies/registry.ts';
import { cloudCostOf, inArithmetic } from '../cost/cloud-cost.ts';
import { formatNumber } from '../report/format.ts';
import { expectedOfExperiment } from './expected-time.ts';

/** What an installation may use of AWS, as far as experiments ask for it. */
export interface KnownCloud {
  regions: readonly string[];
  /** That of what names none. */
  region: string;
  /** Why `target: aws` cannot be used at all, and what to do; null where it can. */
  problem: string | null;
  /** The user's own subnets, where experiments get no network of their own. */
  network?: object | null;
}

/** Where nothing is set up. */
export const noCloud: KnownCloud = { regions: [], region: 'us-east-1', problem: 'aws is not set up here' };

/** Why an experiment on `aws` is not begun: what is set up does not allow it, or its budget does not. */
export function cloudFaultsOfExperiment(
  spec: ExperimentSpec,
  cloud: KnownCloud,
  prices: PriceBook = listPrices,
): FieldError[] {
  if (spec.target !== 'aws') return [];
  const place = placeFaults(spec.region, cloud, '/target');
  return place.length > 0 ? place : [...timeFaults([spec]), ...costFaults([spec], 1, spec.budget, prices)];
}

/** Why a comparison with variants on `aws` is not begun. */
export function cloudFaultsOfComparison(
  spec: ComparisonSpec,
  cloud: KnownCloud,
  prices: PriceBook = listPrices,
): FieldError[] {
  const index = spec.variants.findIndex(({ target }) => target === 'aws');
  if (index < 0) return [];
  const place = placeFaults(spec.region, cloud, `/variants/${index}/target`);
  if (place.length > 0) return place;
  const all = spec.variants.map((_, at) => variantExperiment(spec, at));
  const ours = all.filter(({ target }) => target === 'aws');
  return [...timeFaults(ours), ...costFaults(ours, spec.repetitions, spec.budget, prices)];
}

function placeFaults(region: string | undefined, cloud: KnownCloud, pointer: string): FieldError[] {
  if (cloud.problem !== null) return [{ pointer, detail: cloud.problem }];
  const asked = region ?? cloud.region;
  if (cloud.regions.includes(asked)) return [];
  const { regions } = cloud;
  const detail = `${asked} is not allowed here: choose one of: ${regions.join(', ')}; or name it in COMPARATOR_AWS_REGIONS and start the comparator again`;
  return [{ pointer: '/region', detail }];
}

/** What takes longer than it may would be destroyed before it has measured anything. */
function timeFaults(specs: readonly ExperimentSpec[]): FieldError[] {
  for (const spec of specs) {
    const minutes = Math.ceil(expectedOfExperiment(spec).seconds / 60);
    const most = spec.budget?.maxMinutes ?? minutes;
    if (minutes <= most) continue;
    const detail = `${spec.name} takes about ${formatNumber(minutes)} minutes, and is destroyed after ${formatNumber(most)}: raise it, or lower the time of the load${spec.keepMinutes ? ', or keepMinutes' : ''}`;
    return [{ pointer: '/budget/maxMinutes', detail }];
  }
  return [];
}

function costFaults(
  specs: readonly ExperimentSpec[],
  repetitions: number,
  budget: ExperimentSpec['budget'],
  prices: PriceBook,
): FieldError[] {
  const costs = specs.map((spec) => ({ name: spec.name, cost: cloudCostOf(spec, prices) }));
  const usd = costs.reduce((total, { cost }) => total + cost.usd, 0) * repetitions;
  const most = budget?.maxCostUsd ?? 0;
  if (usd <= most) return [];
  const parts = costs.map(({ name, cost }) => `${name}: ${inArithmetic(cost)}`);
  const times = repetitions > 1 ? `, ${repetitions} times` : '';
  const detail = `may come to $${usd.toFixed(2)}, more than the $${most.toFixed(2)} that it may cost${times}: ${parts.join('; ')}. Raise it, or lower maxMinutes, the load or the settings`;
  return [{ pointer: '/budget/maxCostUsd', detail }];
}
