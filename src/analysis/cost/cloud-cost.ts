import { carriedLoad } from '../../contracts/input/carried-load.ts';
import type { ExperimentSpec } from '../../contracts/input/experiment.ts';
import { longestWarmupSeconds, searchOf } from '../../contracts/input/load/schedule.ts';
import type { Workload } from '../../contracts/input/workload.ts';
import type { CarriedLoad } from '../../technologies/card.ts';
import type { BilledItem, PriceBook, PriceList } from '../../technologies/prices.ts';
import { generatorPrices } from '../../technologies/prices.ts';
import { technologyCard } from '../../technologies/registry.ts';
import { mostMessagesMeasured } from '../plan/search-length.ts';
import { sum } from '../sum.ts';

/** What an experiment on `aws` may be billed for at most, by list prices. */
export interface CloudCost {
  usd: number;
  /** Each item's price by the hours that it may be there for, in the order of the bill. */
  arithmetic: {
    item: string;
    quantity: number;
    unit: string;
    usdPerUnit: number;
    hours: number;
    usd: number;
  }[];
}

/** What a destroy takes, which is billed too, in minutes. */
const removalMinutes = 20;
const gigabyte = 1e9;

/** As the aws-generator module makes them. */
const generator = { vcpus: 2, memoryGib: 4 };

/**
 * The bill of an experiment that takes all of its time: what stands for as long, and all that the load sends; of a search at its highest rate.
 * @throws Error where a price is missing from its list
 */
export function cloudCostOf(spec: ExperimentSpec, prices: PriceBook): CloudCost {
  const card = technologyCard(spec.technology);
  const { workload, settings, budget } = spec;
  const standingHours = ((budget?.maxMinutes ?? 0) + removalMinutes) / 60;
  const { generators } = workload;
  const rent = card.rent?.(settings);
  const list = prices[spec.technology] ?? card.prices;
  const load = carriedLoad(workload);
  const messagesPerSecond = searchOf(workload.load)
    ? load.mostMessagesPerSecond
    : load.mostMessages / load.seconds;
  const loadHours =
    Math.min(loadSeconds(workload, load), (budget?.maxMinutes ?? Number.POSITIVE_INFINITY) * 60) / 3_600;
  const billed = { ...load, messagesPerSecond };
  const byLoad = (card.bill?.(settings, billed) ?? []).filter(
    ({ item }) => !rent?.items.some((one) => one.item === item),
  );
  // Sent and received, at worst all of it to another zone.
  const crossings = 2 + (rent?.copiesToOtherZones ?? 0);
  const gigabytesPerHour = (crossings * messagesPerSecond * 3_600 * load.messageSizeBytes) / gigabyte;
  const arithmetic = [
    ...priced(rent?.items ?? [], rent?.prices ?? list, standingHours),
    ...priced(byLoad, list, loadHours),
    ...priced(generatorItems(generators), generatorPrices, standingHours),
    // What is billed by its load is reached without.
    ...(card.bill
      ? []
      : priced([{ item: 'betweenZonesGb', quantity: gigabytesPerHour }], generatorPrices, loadHours)),
  ];
  return { usd: sum(arithmetic.map(({ usd }) => usd)), arithmetic };
}

/** How long the load lasts; of a search, as long as all that it may send takes at the highest rate. */
function loadSeconds(workload: Workload, { seconds, mostMessagesPerSecond }: CarriedLoad): number {
  if (!searchOf(workload.load)) return seconds;
  return longestWarmupSeconds(workload) + mostMessagesMeasured(workload) / mostMessagesPerSecond;
}

function generatorItems(generators: number): BilledItem[] {
  return [
    { item: 'vcpuHour', quantity: generators * generator.vcpus },
    { item: 'memoryGibHour', quantity: generators * generator.memoryGib },
    { item: 'addressHour', quantity: generators },
  ];
}

function priced(items: readonly BilledItem[], list: PriceList, hours: number): CloudCost['arithmetic'] {
  return items.map(({ item, quantity }) => {
    const price = list.items[item];
    if (!price) throw new Error(`the list of prices has no ${item}`);
    const { usd: usdPerUnit, unit } = price;
    return { item, quantity, unit, usdPerUnit, hours, usd: quantity * usdPerUnit * hours };
  });
}

/** @example inArithmetic(cost) // '3 broker-hour × $0.204 × 2.33 h = $1.43, 2 vCPU-hour × …' */
export function inArithmetic({ arithmetic }: CloudCost): string {
  const number = (value: number) => String(Number(value.toPrecision(3)));
  return arithmetic
    .filter(({ usd }) => usd >= 0.005)
    .map(
      ({ quantity, unit, usdPerUnit, hours, usd }) =>
        `${number(quantity)} ${unit} × $${usdPerUnit} × ${number(hours)} h = $${usd.toFixed(2)}`,
    )
    .join(', ');
}
