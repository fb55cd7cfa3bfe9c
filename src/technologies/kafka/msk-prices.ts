import type { PriceList } from '../prices.ts';

/** Brokers that Amazon MSK rents by the hour. */
export const mskPrices = {
  region: 'us-east-1',
  // The page could not be read where this was written, so this is the last that was known of it.
  asOf: '2025-01-31',
  source: 'Amazon MSK, provisioned, standard brokers, https://aws.amazon.com/msk/pricing/',
  items: {
    'kafka.t3.small': { usd: 0.0456, unit: 'broker-hour' },
    'kafka.m5.large': { usd: 0.21, unit: 'broker-hour' },
    'kafka.m5.xlarge': { usd: 0.42, unit: 'broker-hour' },
    'kafka.m5.2xlarge': { usd: 0.84, unit: 'broker-hour' },
    'kafka.m5.4xlarge': { usd: 1.68, unit: 'broker-hour' },
    'kafka.m7g.large': { usd: 0.204, unit: 'broker-hour' },
    'kafka.m7g.xlarge': { usd: 0.408, unit: 'broker-hour' },
    'kafka.m7g.2xlarge': { usd: 0.816, unit: 'broker-hour' },
    'kafka.m7g.4xlarge': { usd: 1.632, unit: 'broker-hour' },
    storageGibMonth: { usd: 0.1, unit: 'GiB-month of storage' },
  },
} as const satisfies PriceList;

type Item = keyof typeof mskPrices.items;
export type BrokerType = Exclude<Item, 'storageGibMonth'>;

export const brokerTypes = Object.keys(mskPrices.items).filter((item) => item !== 'storageGibMonth') as [
  BrokerType,
  ...BrokerType[],
];
