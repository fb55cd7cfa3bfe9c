/** A price of one unit of what is billed. */
export interface Price {
  usd: number;
  /** What it is the price of: `shard-hour`. */
  unit: string;
}

/** Prices in one region. They change: each list says of which day it is, and where to look them up again. */
export interface PriceList {
  region: string;
  /** The day on which they are known to have held: `2025-01-31`. */
  asOf: string;
  /** Where they are published. */
  source: string;
  items: Record<string, Price>;
}

/** The prices that hold, by technology. */
export type PriceBook = Record<string, PriceList>;

/** A load, as far as one pays for it. */
export interface BilledLoad {
  messageSizeBytes: number;
  /** Of the longest key; null without keys. */
  keyBytes: number | null;
  messagesPerSecond: number;
}

/** How much of one thing an hour takes; `item` is its name in the price list. */
export interface BilledItem {
  item: string;
  quantity: number;
}

/**
 * Of what one runs by oneself nobody publishes a price; these are of machines that it could run on, rented by the
 * processor and by the memory, so that no size of machine has to be chosen.
 */
export const machinePrices = {
  region: 'us-east-1',
  // The page could not be read where this was written, so this is the last that was known of it.
  asOf: '2025-01-31',
  source: 'AWS Fargate, Linux on x86, https://aws.amazon.com/fargate/pricing/',
  items: {
    vcpuHour: { usd: 0.04048, unit: 'vCPU-hour' },
    memoryGibHour: { usd: 0.004445, unit: 'GiB-hour of memory' },
  },
} as const satisfies PriceList;

/** Of load generators on AWS: what they run on, an address each in a network of ours, and traffic between zones. */
export const generatorPrices = {
  ...machinePrices,
  source: `${machinePrices.source}; public IPv4 addresses and traffic between zones, https://aws.amazon.com/vpc/pricing/ and https://aws.amazon.com/ec2/pricing/on-demand/`,
  items: {
    ...machinePrices.items,
    addressHour: { usd: 0.005, unit: 'public address and hour' },
    betweenZonesGb: { usd: 0.02, unit: 'GB between zones, both ways billed' },
  },
} as const satisfies PriceList;

/** Of servers on Fargate: those, and what a task's disk has beyond the 20 GiB that are included. */
export const fargatePrices = {
  ...generatorPrices,
  items: {
    ...generatorPrices.items,
    storageGibHour: { usd: 0.000111, unit: 'GiB-hour of disk beyond 20 GiB' },
  },
} as const satisfies PriceList;
