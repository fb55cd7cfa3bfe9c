import { z } from 'zod';
import type { Price, PriceBook, PriceList } from '../../../technologies/prices.ts';
import { findTechnology, technologyIds } from '../../../technologies/registry.ts';
import { type FieldError, jsonPointer, parseInput } from '../problem.ts';

const entrySchema = z.strictObject({
  technology: z.enum(technologyIds).describe('What is billed by these prices'),
  region: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Where they hold; that of the built-in prices without. Of several entries of a technology the one of AWS_REGION counts, else the first; another region's must have every price",
    ),
  asOf: z.iso.date().describe('The day on which they held, such as 2025-01-31'),
  source: z.string().min(1).describe('Where they come from, in words or as an address'),
  usd: z
    .record(z.string(), z.number().min(0))
    .describe('Prices in USD by their names, below; those left out stay as they are built in'),
});

/** The file of `COMPARATOR_PRICES`. */
export const priceFileSchema = z.strictObject({
  prices: z.array(entrySchema).min(1).describe('Prices in place of the built-in ones'),
});
type Entry = z.infer<typeof entrySchema>;

/**
 * The prices that hold where a file overrides some.
 * @param document what the file says
 * @param region whose entries come first
 * @returns the faults of the file instead, each with where it is
 */
export function priceBookOf(
  document: unknown,
  region: string,
  builtIn: PriceBook,
): { book: PriceBook } | { faults: FieldError[] } {
  const parsed = parseInput(priceFileSchema, document);
  if (!parsed.ok) return { faults: parsed.errors };
  const { prices } = parsed.value;
  const faults = prices.flatMap((entry, index) => entryFaults(entry, index, prices, builtIn));
  if (faults.length > 0) return { faults };
  const own = Map.groupBy(prices, ({ technology }) => technology);
  const overridden = [...own].map(([technology, entries]) => {
    const list = builtIn[technology] as PriceList;
    const entry = entries.find((one) => regionOf(one, list) === region) ?? (entries[0] as Entry);
    return [technology, overlaid(list, entry)];
  });
  return { book: { ...builtIn, ...Object.fromEntries(overridden) } };
}

const regionOf = ({ region }: Entry, list: PriceList) => region ?? list.region;

function entryFaults(entry: Entry, index: number, all: readonly Entry[], builtIn: PriceBook): FieldError[] {
  const { technology, usd } = entry;
  const list = builtIn[technology] as PriceList;
  const region = regionOf(entry, list);
  const known = Object.keys(list.items);
  const fault = (path: string[], detail: string) => ({
    pointer: jsonPointer(['prices', index, ...path]),
    detail,
  });
  const first = all.findIndex((one) => one.technology === technology && regionOf(one, list) === region);
  const missing = known.filter((item) => !Object.hasOwn(usd, item));
  return [
    ...Object.keys(usd)
      .filter((item) => !known.includes(item))
      .map((item) => fault(['usd', item], `${technology} has no such price; it has ${known.join(', ')}`)),
    ...(first < index
      ? [fault(['region'], `entry ${first + 1} has the prices of ${technology} there already; leave one out`)]
      : []),
    ...(region !== list.region && missing.length > 0
      ? [
          fault(
            ['usd'],
            `lacks ${missing.join(', ')}: the built-in prices are those of ${list.region}; give every price of ${region}`,
          ),
        ]
      : []),
  ];
}

function overlaid(list: PriceList, { region, asOf, source, usd }: Entry): PriceList {
  const items = Object.entries(list.items).map(([name, price]): [string, Price] => [
    name,
    { ...price, usd: usd[name] ?? price.usd },
  ]);
  const isWhole = Object.keys(list.items).every((name) => Object.hasOwn(usd, name));
  return {
    region: region ?? list.region,
    // What is of two days is as old as the older.
    asOf: isWhole || asOf < list.asOf ? asOf : list.asOf,
    source: isWhole ? source : `${source}; what that leaves out: ${list.source}`,
    items: Object.fromEntries(items),
  };
}

/** Every price that a file can override. */
export function priceNames(): { technology: string; item: string; price: Price }[] {
  return technologyIds.flatMap((technology) =>
    Object.entries(findTechnology(technology)?.prices.items ?? {}).map(([item, price]) => ({
      technology,
      item,
      price,
    })),
  );
}
