import type { BilledItem, PriceList } from '../prices.ts';

/** What the bill of a stream depends on, beside its load. */
interface BilledStream {
  mode: 'provisioned' | 'on-demand';
  shards: number;
  retentionHours: number;
  consumer: 'polling' | 'enhanced-fan-out';
}

export const kinesisPrices = {
  region: 'us-east-1',
  asOf: '2025-01-31',
  source: 'Amazon Kinesis Data Streams, https://aws.amazon.com/kinesis/data-streams/pricing/',
  items: {
    shardHour: { usd: 0.015, unit: 'shard-hour' },
    putPayloadUnits: { usd: 0.014, unit: 'million PUT payload units' },
    extendedRetentionShardHour: { usd: 0.02, unit: 'shard-hour of extended retention' },
    fanOutConsumerShardHour: { usd: 0.015, unit: 'consumer-shard-hour of enhanced fan-out' },
    fanOutGb: { usd: 0.013, unit: 'GB of enhanced fan-out' },
    onDemandStreamHour: { usd: 0.04, unit: 'on-demand stream-hour' },
    onDemandWrittenGb: { usd: 0.08, unit: 'GB written on demand' },
    onDemandReadGb: { usd: 0.04, unit: 'GB read on demand' },
    onDemandFanOutGb: { usd: 0.05, unit: 'GB of enhanced fan-out on demand' },
    onDemandRetainedGbMonth: { usd: 0.1, unit: 'GB-month kept beyond a day' },
    retainedGbMonth: { usd: 0.023, unit: 'GB-month kept beyond seven days' },
  },
} as const satisfies PriceList;

type Item = keyof typeof kinesisPrices.items;

/** A record is billed by pieces of this size when it is put into a provisioned stream. */
const payloadUnitBytes = 25 * 1_024;
/** On demand, a record is billed in whole ones of these. */
const kilobyte = 1_024;
const gigabyte = 1_024 ** 3;
const hoursPerMonth = 730;
const includedRetentionHours = 24;
/** Up to here, a provisioned stream pays for retention by the shard. */
const extendedRetentionHours = 7 * 24;

/**
 * What an hour of a stream is billed for, once it holds as much as its retention keeps. All consumers are of one
 * group, so each record is read once, and one fan-out consumer is registered.
 * @param recordBytes data and partition key
 */
export function kinesisBill(
  { mode, shards, retentionHours, consumer }: BilledStream,
  { recordBytes, messagesPerSecond }: { recordBytes: number; messagesPerSecond: number },
): BilledItem[] {
  const perHour = messagesPerSecond * 3_600;
  const gigabytes = (perHour * recordBytes) / gigabyte;
  const isFanOut = consumer === 'enhanced-fan-out';
  const monthsKept = (from: number, until: number) => (gigabytes * Math.max(0, until - from)) / hoursPerMonth;
  const long = monthsKept(extendedRetentionHours, retentionHours);
  const extended = retentionHours > includedRetentionHours;
  const bill: Partial<Record<Item, number>> =
    mode === 'provisioned'
      ? {
          shardHour: shards,
          putPayloadUnits: (perHour * Math.ceil(recordBytes / payloadUnitBytes)) / 1e6,
          extendedRetentionShardHour: extended ? shards : 0,
          fanOutConsumerShardHour: isFanOut ? shards : 0,
          fanOutGb: isFanOut ? gigabytes : 0,
          retainedGbMonth: long,
        }
      : {
          onDemandStreamHour: 1,
          onDemandWrittenGb: (perHour * Math.ceil(recordBytes / kilobyte) * kilobyte) / gigabyte,
          onDemandReadGb: isFanOut ? 0 : gigabytes,
          onDemandFanOutGb: isFanOut ? gigabytes : 0,
          onDemandRetainedGbMonth: monthsKept(
            includedRetentionHours,
            Math.min(retentionHours, extendedRetentionHours),
          ),
          retainedGbMonth: long,
        };
  return Object.entries(bill).flatMap(([item, quantity]) => (quantity > 0 ? [{ item, quantity }] : []));
}
