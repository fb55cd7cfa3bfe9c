import { describe, expect, test } from '@jest/globals';
import { costOf, expectedCostOf } from '../../../src/analysis/cost/cost.ts';
import type { Result } from '../../../src/contracts/documents/result.ts';
import { listPrices } from '../../../src/technologies/registry.ts';
import { experimentSpec, measurement, result } from '../../support/documents.ts';

const constant = (messagesPerSecond: number) => ({ shape: 'constant', messagesPerSecond });

/** A result of Kinesis on the emulator. */
function kinesis(settings: object, workload: object, given: Partial<Result> = {}): Result {
  return result({ spec: experimentSpec({ technology: 'kinesis', settings, workload }), ...given });
}

/** A result of Kafka under 1,000 messages/s for 20 s, whose servers used this. */
function kafka(cpuSeconds: number | null, given: Partial<Result> = {}): Result {
  return result({
    measurement: measurement({ throughput: { produced: carried, consumed: carried } }),
    product: {
      cpuSeconds,
      peakMemoryBytes: 2 ** 30,
      diskReadBytes: 0,
      diskWriteBytes: 0,
      messagesPerCpuSecond: cpuSeconds ? 20_000 / cpuSeconds : null,
    },
    ...given,
  });
}

const carried = { messagesPerSecond: 1_000, bytesPerSecond: 100_000 };

const perHour = (one: Result) => costOf(one)?.usdPerHour;
const perMillion = (one: Result) => costOf(one)?.usdPerMillionMessages;

describe('Kinesis, by its list prices', () => {
  // A record of 1,024 B has a key of 13 B; 1,000 a second are 3.6 million an hour.
  const load = { load: constant(1_000) };
  const gb = (3_600_000 * 1_037) / 2 ** 30;

  test.each<[string, object, object, number]>([
    ['4 shards, 3.6 million payload units', {}, load, 4 * 0.015 + 3.6 * 0.014],
    ['at another rate', { shards: 10 }, { load: constant(10_000) }, 10 * 0.015 + 36 * 0.014],
    [
      'a message of two payload units',
      {},
      { load: constant(100), messageSizeBytes: 30_000 },
      0.06 + 0.72 * 0.014,
    ],
    [
      'just within a payload unit',
      {},
      { load: constant(100), messageSizeBytes: 25_600 - 13 },
      0.06 + 0.36 * 0.014,
    ],
    ['a byte beyond it', {}, { load: constant(100), messageSizeBytes: 25_600 - 12 }, 0.06 + 0.72 * 0.014],
    ['a retention of two days', { retentionHours: 48 }, load, 0.06 + 0.0504 + 4 * 0.02],
    [
      'of 30 days, of which 23 are kept by the GB',
      { retentionHours: 720 },
      load,
      0.06 + 0.0504 + 0.08 + ((gb * 552) / 730) * 0.023,
    ],
    [
      'on demand: 1,037 B are billed as 2 KB',
      { mode: 'on-demand' },
      load,
      0.04 + ((3_600_000 * 2_048) / 2 ** 30) * 0.08 + gb * 0.04,
    ],
    [
      'on demand, for a week',
      { mode: 'on-demand', retentionHours: 168 },
      load,
      0.04 + ((3_600_000 * 2_048) / 2 ** 30) * 0.08 + gb * 0.04 + ((gb * 144) / 730) * 0.1,
    ],
    [
      'steps, by their mean rate',
      {},
      {
        load: {
          shape: 'steps',
          steps: [
            { messagesPerSecond: 0, seconds: 10 },
            { messagesPerSecond: 2_000, seconds: 10 },
          ],
        },
      },
      0.06 + 0.0504,
    ],
  ])('%s', (_, settings, workload, usd) => {
    expect(perHour(kinesis(settings, workload))).toBeCloseTo(usd, 9);
  });

  test('enhanced fan-out, which only the service has', () => {
    const spec = { ...kinesis({}, load).spec, settings: { consumer: 'enhanced-fan-out' } };
    expect(perHour(kinesis({}, load, { spec }))).toBeCloseTo(0.1104 + 4 * 0.015 + gb * 0.013, 9);
  });

  test('says of what it is made, and so whoever doubts it can add it up', () => {
    expect(costOf(kinesis({}, load))).toEqual({
      usdPerHour: expect.closeTo(0.1104, 9),
      usdPerMillionMessages: expect.closeTo(0.1104 / 3.6, 9),
      messagesPerSecond: 1_000,
      usdPerMillionMessagesAtCapacity: null,
      capacityMessagesPerSecond: null,
      basis: 'list-price',
      region: 'us-east-1',
      asOf: '2025-01-31',
      source: expect.stringContaining('https://aws.amazon.com/kinesis/data-streams/pricing/'),
      vcpu: null,
      memoryGib: null,
      utilization: null,
      arithmetic: [
        { item: 'shardHour', quantity: 4, unit: 'shard-hour', usdPerUnit: 0.015, usdPerHour: 0.06 },
        {
          item: 'putPayloadUnits',
          quantity: 3.6,
          unit: 'million PUT payload units',
          usdPerUnit: 0.014,
          usdPerHour: expect.closeTo(0.0504, 9),
        },
      ],
    });
  });

  test('has nothing of the emulator in it: neither its speed nor what it used', () => {
    const slow = measurement({
      throughput: {
        produced: { messagesPerSecond: 10, bytesPerSecond: 1 },
        consumed: { messagesPerSecond: 10, bytesPerSecond: 1 },
      },
    });
    expect(costOf(kinesis({}, load, { measurement: slow }))).toEqual(costOf(kinesis({}, load)));
    const used = kafka(100).product;
    expect(costOf(kinesis({}, load, { product: used }))).toEqual(costOf(kinesis({}, load)));
  });

  test('a load beyond the quotas costs what the stream takes of it', () => {
    expect(costOf(kinesis({ shards: 1 }, { load: constant(5_000) }))).toMatchObject({
      messagesPerSecond: 1_000,
      usdPerMillionMessages: expect.closeTo((0.015 + 0.0504) / 3.6, 9),
    });
  });

  test('a search on the emulator is priced at the published ceiling, for what the emulator carries is its own', () => {
    const search = { load: { shape: 'capacity-search' } };
    const found = (sustainableMessagesPerSecond: number | null) => ({
      capacity: { sustainableMessagesPerSecond, probes: [] },
    });
    const atCeiling = { messagesPerSecond: 4_000, capacityMessagesPerSecond: 4_000 };
    const usd = expect.closeTo((0.06 + 14.4 * 0.014) / 14.4, 9);
    expect(costOf(kinesis({}, search, found(700)))).toMatchObject({
      ...atCeiling,
      usdPerMillionMessages: usd,
      usdPerMillionMessagesAtCapacity: usd,
    });
    expect(costOf(kinesis({}, search, found(null)))?.usdPerMillionMessagesAtCapacity).toBeNull();
  });

  test('what is measured of a ladder, or of a search that was cut short, has the rate that it was loaded with', () => {
    // 20,000 messages in 20 s, whatever else was tried.
    const ladder = { load: { shape: 'ladder', ratesMessagesPerSecond: [500, 1_000, 2_000] } };
    expect(costOf(kinesis({}, ladder))).toMatchObject({
      messagesPerSecond: 1_000,
      usdPerHour: expect.closeTo(0.1104, 9),
    });
    const search = { load: { shape: 'capacity-search', startMessagesPerSecond: 100 } };
    expect(costOf(kinesis({}, search, { partial: true }))).toMatchObject({ messagesPerSecond: 1_000 });
  });

  test('a search on the real service is priced at the rate that it found', () => {
    const search = { load: { shape: 'capacity-search' } };
    const capacity = { sustainableMessagesPerSecond: 3_000, probes: [] };
    expect(costOf(kinesis({}, search, { capacity, emulated: false }))).toMatchObject({
      messagesPerSecond: 3_000,
      usdPerMillionMessagesAtCapacity: expect.closeTo((0.06 + 10.8 * 0.014) / 10.8, 9),
    });
  });

  test('the day’s own prices are used where they are given', () => {
    const prices = { ...listPrices.kinesis, region: 'eu-central-1' } as typeof listPrices.kinesis & object;
    const shardHour = { usd: 1, unit: 'shard-hour' };
    const own = { ...listPrices, kinesis: { ...prices, items: { ...prices.items, shardHour } } };
    expect(costOf(kinesis({}, load), own)).toMatchObject({
      usdPerHour: expect.closeTo(4.0504, 9),
      region: 'eu-central-1',
    });
  });
});

describe('what one runs by oneself, from what it used', () => {
  test('processors at half their time, and memory at its peak', () => {
    // 10 CPU s in 20 s are half a core, so 1 vCPU: 0.04048 $; 1 GiB: 0.004445 $; 3.6 million an hour.
    expect(costOf(kafka(10))).toMatchObject({
      basis: 'estimate-from-use',
      region: 'us-east-1',
      source: expect.stringContaining('https://aws.amazon.com/fargate/pricing/'),
      vcpu: 1,
      memoryGib: 1,
      utilization: 0.5,
      messagesPerSecond: 1_000,
      usdPerHour: expect.closeTo(0.044925, 9),
      usdPerMillionMessages: expect.closeTo(0.044925 / 3.6, 9),
      usdPerMillionMessagesAtCapacity: null,
      arithmetic: [
        { item: 'vcpuHour', quantity: 1, unit: 'vCPU-hour', usdPerUnit: 0.04048, usdPerHour: 0.04048 },
        { item: 'memoryGibHour', quantity: 1, usdPerUnit: 0.004445, usdPerHour: 0.004445 },
      ],
    });
  });

  test('of a search at the rate that it sustained, scaled by messages per processor second', () => {
    // 2,000 messages a CPU s: 4,000/s are 2 cores, so 4 vCPU; 14.4 million an hour.
    const spec = experimentSpec({ workload: { load: { shape: 'capacity-search' } } });
    const capacity = { sustainableMessagesPerSecond: 4_000, probes: [] };
    const usd = expect.closeTo((4 * 0.04048 + 0.004445) / 14.4, 9);
    expect(costOf(kafka(10, { spec, capacity }))).toMatchObject({
      vcpu: 4,
      messagesPerSecond: 4_000,
      usdPerMillionMessages: usd,
      usdPerMillionMessagesAtCapacity: usd,
    });
  });

  test('without memory where that could not be seen', () => {
    const { product } = kafka(10);
    expect(
      costOf(kafka(10, { product: { ...(product as object), peakMemoryBytes: null } as typeof product })),
    ).toMatchObject({
      memoryGib: null,
      usdPerHour: expect.closeTo(0.04048, 9),
      arithmetic: [{ item: 'vcpuHour' }],
    });
  });
});

test('nothing is said where nothing was measured, taken or seen', () => {
  const spec = kinesis({}, { load: constant(1_000) }).spec;
  const none = measurement({ messages: { ...measurement().messages, acknowledged: 0 } });
  expect(costOf(result({ spec, measurement: null }))).toBeNull();
  expect(costOf(result({ spec, measurement: none }))).toBeNull();
  expect(costOf(kafka(10, { measurement: null }))).toBeNull();
  expect(costOf(kafka(10, { measurement: none }))).toBeNull();
  expect(costOf(kafka(null))).toBeNull();
  expect(costOf(kafka(0))).toBeNull();
  expect(costOf(result({ product: null }))).toBeNull();
  // By a later release, perhaps.
  expect(costOf(result({ spec: { ...spec, technology: 'pulsar' as 'kafka' } }))).toBeNull();
  expect(perMillion(result({ spec: { ...spec, settings: { shards: 'many' } } }))).toBeUndefined();
});

test('before it runs, what the settings decide', () => {
  const expected = (document: object) => expectedCostOf(experimentSpec(document), listPrices);
  const workload = { load: constant(1_000) };
  expect(expected({ technology: 'kinesis', workload })?.usdPerHour).toBeCloseTo(0.1104, 9);
  const search = { load: { shape: 'capacity-search' } };
  expect(expected({ technology: 'kinesis', workload: search })).toMatchObject({ messagesPerSecond: 4_000 });
  const ladder = { load: { shape: 'ladder', ratesMessagesPerSecond: [10, 1_000, 3_000] } };
  expect(expected({ technology: 'kinesis', workload: ladder })).toMatchObject({ messagesPerSecond: 3_000 });
  expect(expected({ technology: 'kafka', workload })).toBeNull();
});
