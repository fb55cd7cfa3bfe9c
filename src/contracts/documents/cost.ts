import { z } from 'zod';

/** What the tested configuration costs under a load. */
export const costSchema = z.object({
  usdPerHour: z.number(),
  /** At `messagesPerSecond`. */
  usdPerMillionMessages: z.number(),
  /** The tested rate: of steps their mean, of a search the one that was sustained. */
  messagesPerSecond: z.number(),
  /** Of the same configuration at its limit; null where that was not searched for. */
  usdPerMillionMessagesAtCapacity: z.number().nullable(),
  /** That limit; of an emulated product the published one. */
  capacityMessagesPerSecond: z.number().nullable(),
  /** `list-price`: what settings and load are billed for; `estimate-from-use`: machines for what the product used. */
  basis: z.enum(['list-price', 'estimate-from-use']),
  /** Of the prices, as are the day and the source. */
  region: z.string(),
  asOf: z.string(),
  source: z.string(),
  /** Of an estimate, else null: processors, of which the product uses this share of the time, and memory at its peak. */
  vcpu: z.number().nullable(),
  memoryGib: z.number().nullable(),
  utilization: z.number().nullable(),
  /** What an hour consists of; its parts add up to `usdPerHour`. */
  arithmetic: z.array(
    z.object({
      /** As in the list of prices. */
      item: z.string(),
      quantity: z.number(),
      unit: z.string(),
      usdPerUnit: z.number(),
      usdPerHour: z.number(),
    }),
  ),
});
export type Cost = z.infer<typeof costSchema>;
