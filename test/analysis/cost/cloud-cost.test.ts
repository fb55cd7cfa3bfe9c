import { expect, test } from '@jest/globals';
import { cloudCostOf, inArithmetic } from '../../../src/analysis/cost/cloud-cost.ts';
import { experimentSchema } from '../../../src/contracts/input/experiment.ts';
import { listPrices } from '../../../src/technologies/registry.ts';

const stream = {
  name: 'a stream',
  technology: 'kinesis',
  target: 'aws',
  settings: { shards: 8 },
  workload: {
    messageSizeBytes: 1_024,
    load: { shape: 'constant', messagesPerSecond: 5_000 },
    durationSeconds: 3_540,
    maxWarmupSeconds: 60,
  },
  budget: { maxMinutes: 100 },
};

test('the bill of a stream: what stands for the whole time, and the load for its own', () => {
  const { arithmetic, usd } = cloudCostOf(experimentSchema.parse(stream), listPrices);
  const by = Object.fromEntries(arithmetic.map((one) => [one.item, one]));
  // 100 minutes, and 20 to remove it.
  expect(by.shardHour).toMatchObject({ quantity: 8, hours: 2, usd: 8 * 0.015 * 2 });
  // An hour of 5,000/s are 18 million messages of one unit each.
  expect(by.putPayloadUnits?.hours).toBe(1);
  expect(by.putPayloadUnits?.usd).toBeCloseTo(18 * 0.014, 6);
  expect(by.vcpuHour).toMatchObject({ quantity: 2, hours: 2 });
  expect(by.addressHour?.usd).toBeCloseTo(0.01, 6);
  expect(by).not.toHaveProperty('betweenZonesGb');
  expect(usd).toBeCloseTo(
    arithmetic.reduce((total, one) => total + one.usd, 0),
    9,
  );
});

test('steps are billed for what they send, not for all of the time at the highest', () => {
  const steps = [
    { messagesPerSecond: 5_000, seconds: 60 },
    { messagesPerSecond: 10, seconds: 3_000 },
  ];
  const workload = { load: { shape: 'steps', steps }, warmupSeconds: 0, maxWarmupSeconds: 0 };
  const { arithmetic } = cloudCostOf(experimentSchema.parse({ ...stream, workload }), listPrices);
  expect(arithmetic.find(({ item }) => item === 'putPayloadUnits')?.usd).toBeCloseTo(0.33 * 0.014, 6);
});

test('a search is billed at the rate that it may find', () => {
  const search = {
    ...stream,
    workload: {
      load: {
        shape: 'capacity-search',
        startMessagesPerSecond: 1_000,
        maxMessagesPerSecond: 10_000,
      },
    },
  };
  const found = cloudCostOf(experimentSchema.parse(search), listPrices);
  expect(found.arithmetic.find(({ item }) => item === 'putPayloadUnits')?.quantity).toBeCloseTo(36, 6);
});

test('a search is billed for its probes too, and for no longer than its budget lasts', () => {
  const hours = (probeSeconds: number, load: object = {}) => {
    const workload = {
      load: { shape: 'capacity-search', maxMessagesPerSecond: 16_000, probeSeconds, ...load },
      durationSeconds: 20,
      maxWarmupSeconds: 60,
    };
    const { arithmetic } = cloudCostOf(experimentSchema.parse({ ...stream, workload }), listPrices);
    return arithmetic.find(({ item }) => item === 'putPayloadUnits')?.hours;
  };
  // Doublings come to twice the last of them, and 9 more probes lie between it and the one before.
  expect(hours(60)).toBeCloseTo((60 + (2 + 9) * 60 + 20) / 3_600, 9);
  expect(hours(60, { shape: 'ladder', sharesPercent: [50, 100] })).toBeCloseTo(
    (60 + (2 + 9) * 60 + 20 + 30) / 3_600,
    9,
  );
  expect(hours(600)).toBeCloseTo(100 / 60, 9);
});

test('is told so that it can be worked out again, without what is next to nothing', () => {
  const spec = experimentSchema.parse({
    name: 'kafka',
    technology: 'kafka',
    target: 'aws',
    settings: { hosting: 'msk', brokers: 2, replicationFactor: 2, instanceType: 'kafka.m5.xlarge' },
    workload: { load: { shape: 'constant', messagesPerSecond: 1 } },
    budget: { maxMinutes: 40 },
  });
  expect(inArithmetic(cloudCostOf(spec, listPrices))).toBe(
    '2 broker-hour × $0.42 × 1 h = $0.84, 0.274 GiB-month of storage × $0.1 × 1 h = $0.03, 2 vCPU-hour × $0.04048 × 1 h = $0.08, 4 GiB-hour of memory × $0.004445 × 1 h = $0.02, 1 public address and hour × $0.005 × 1 h = $0.01',
  );
});
