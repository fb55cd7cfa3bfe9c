import type { Cost } from '../../contracts/documents/cost.ts';
import type { Measurement } from '../../contracts/documents/metrics.ts';
import type { Result } from '../../contracts/documents/result.ts';
import { carriedLoad } from '../../contracts/input/carried-load.ts';
import type { ExperimentSpec } from '../../contracts/input/experiment.ts';
import { highestRateAsked, meanRateAsked, searchOf } from '../../contracts/input/load/schedule.ts';
import type { TechnologyCard } from '../../technologies/card.ts';
import type { BilledItem, PriceBook, PriceList } from '../../technologies/prices.ts';
import { findTechnology, listPrices } from '../../technologies/registry.ts';
import { rateCarried } from '../product-use.ts';
import { sum } from '../sum.ts';

/** What of a result decides its cost. */
type Tested = Pick<Result, 'spec' | 'emulated' | 'measurement' | 'product' | 'capacity'>;

/**
 * What the tested configuration costs: what its settings and load are billed for, or, where no list says so, machines
 * for what its processes used.
 * @returns null where nothing was measured, or it cannot be told
 */
export function costOf(tested: Tested, prices: PriceBook = listPrices): Cost | null {
  const { measurement, spec } = tested;
  if (!measurement?.messages.acknowledged) return null;
  const card = findTechnology(spec.technology);
  const filled = card?.settings.safeParse(spec.settings);
  const list = prices[spec.technology];
  if (!card || !list || !filled?.success) return null;
  return card.bill
    ? listCost(
        card,
        { ...spec, settings: filled.data as ExperimentSpec['settings'] },
        list,
        listRates(card, tested, measurement),
      )
    : estimate(tested, measurement, list);
}

/** What an experiment would cost by the list alone; null where only what the product uses tells. */
export function expectedCostOf(spec: ExperimentSpec, prices: PriceBook): Cost | null {
  const card = findTechnology(spec.technology);
  const list = prices[spec.technology];
  if (!card?.bill || !list) return null;
  const ceiling = card.ceiling(spec.settings, carriedLoad(spec.workload))?.messagesPerSecond ?? null;
  const { load } = spec.workload;
  // Of rungs that are given, the highest that is sustained is the one that a result tells of.
  const asked = load.shape === 'ladder' ? highestRateAsked(spec.workload) : meanRateAsked(spec.workload);
  const tested = searchOf(load) ? ceiling : asked;
  if (tested === null) return null;
  return listCost(card, spec, list, { tested: Math.min(tested, ceiling ?? tested), capacity: null });
}

/** Messages per second at which a cost is told. */
interface Rates {
  tested: number;
  capacity: number | null;
}

/**
 * A list is of the load that was asked for, as far as the service takes it. What an emulator carries is its own: the
 * limit of what it stands for is the published one.
 */
function listRates(
  card: TechnologyCard,
  { spec: { settings, workload }, emulated, capacity }: Tested,
  { messages, durationSeconds }: Measurement,
): Rates {
  const ceiling = card.ceiling(settings, carriedLoad(workload))?.messagesPerSecond ?? null;
  const found = capacity?.sustainableMessagesPerSecond ?? null;
  const limit = found !== null && emulated ? (ceiling ?? found) : found;
  const { shape } = workload.load;
  // Of rates that are tried, only what was measured tells which of them it was.
  const isGiven = shape === 'constant' || shape === 'steps';
  const asked = isGiven ? meanRateAsked(workload) : messages.scheduled / durationSeconds;
  const tested = searchOf(workload.load) && limit !== null ? limit : asked;
  return { tested: Math.min(tested, ceiling ?? tested), capacity: limit };
}

function listCost(
  card: TechnologyCard,
  { settings, workload }: ExperimentSpec,
  list: PriceList,
  { tested, capacity }: Rates,
): Cost {
  const priced = (messagesPerSecond: number) => {
    const { messageSizeBytes, keyBytes } = carriedLoad(workload);
    return pricedItems(card.bill?.(settings, { messageSizeBytes, keyBytes, messagesPerSecond }) ?? [], list);
  };
  return {
    ...costAt(tested, priced(tested), list),
    ...atCapacity(capacity, priced),
    basis: 'list-price',
    vcpu: null,
    memoryGib: null,
    utilization: null,
  };
}

/** Processors are rented to be busy for this share of their time: one that is busier has queues of its own. */
const targetUtilization = 0.5;
const gibibyte = 1_024 ** 3;

function estimate(
  { spec, product, capacity }: Tested,
  { throughput }: Measurement,
  list: PriceList,
): Cost | null {
  const perCpuSecond = product?.messagesPerCpuSecond;
  if (!perCpuSecond) return null;
  const found = capacity?.sustainableMessagesPerSecond ?? null;
  const tested = (searchOf(spec.workload.load) && found) || rateCarried(throughput);
  if (tested <= 0) return null;
  const vcpu = (rate: number) => rate / perCpuSecond / targetUtilization;
  const memoryGib = product.peakMemoryBytes === null ? null : product.peakMemoryBytes / gibibyte;
  const priced = (rate: number) =>
    pricedItems(
      [
        { item: 'vcpuHour', quantity: vcpu(rate) },
        ...(memoryGib === null ? [] : [{ item: 'memoryGibHour', quantity: memoryGib }]),
      ],
      list,
    );
  return {
    ...costAt(tested, priced(tested), list),
    ...atCapacity(found, priced),
    basis: 'estimate-from-use',
    vcpu: vcpu(tested),
    memoryGib,
    utilization: targetUtilization,
  };
}

type Arithmetic = Cost['arithmetic'];

function pricedItems(bill: readonly BilledItem[], { items }: PriceList): Arithmetic {
  return bill.map(({ item, quantity }) => {
    const price = items[item];
    if (!price) throw new Error(`the list of prices has no ${item}`);
    return { item, quantity, unit: price.unit, usdPerUnit: price.usd, usdPerHour: quantity * price.usd };
  });
}

function costAt(messagesPerSecond: number, arithmetic: Arithmetic, { region, asOf, source }: PriceList) {
  return {
    usdPerHour: usdOf(arithmetic),
    usdPerMillionMessages: perMillion(usdOf(arithmetic), messagesPerSecond),
    messagesPerSecond,
    region,
    asOf,
    source,
    arithmetic,
  };
}

function atCapacity(rate: number | null, priced: (rate: number) => Arithmetic) {
  return {
    capacityMessagesPerSecond: rate,
    usdPerMillionMessagesAtCapacity: rate === null ? null : perMillion(usdOf(priced(rate)), rate),
  };
}

const usdOf = (arithmetic: Arithmetic) => sum(arithmetic.map(({ usdPerHour }) => usdPerHour));

function perMillion(usdPerHour: number, messagesPerSecond: number): number {
  return usdPerHour / ((messagesPerSecond * 3_600) / 1e6);
}
