import { expect, test } from '@jest/globals';
import { productOfRuns, productUseOf } from '../../src/analysis/product-use.ts';
import { measurement } from '../support/documents.ts';
import { consumePart, producePart } from '../support/load-parts.ts';

const use = { cpuSeconds: 4, peakMemoryBytes: 5e8, diskReadBytes: 0, diskWriteBytes: 2e7 };

/** 10 s at these rates. */
const carrying = (produced: number, consumed: number) =>
  measurement({
    durationSeconds: 10,
    throughput: {
      produced: { messagesPerSecond: produced, bytesPerSecond: 0 },
      consumed: { messagesPerSecond: consumed, bytesPerSecond: 0 },
    },
  });

test('what came after the processor time was counted, or never, is not divided by it', () => {
  const perCpuSecond = (produced: number, consumed: number) =>
    productUseOf([producePart({ product: use })], carrying(produced, consumed))?.messagesPerCpuSecond;
  expect(perCpuSecond(2_000, 1_000)).toBe(2_500);
  expect(perCpuSecond(1_000, 2_000)).toBe(2_500);
});

test('several load generators saw the same processes', () => {
  const parts = [
    producePart({ product: null }),
    producePart({ product: use }),
    producePart({ product: use }),
  ];
  expect(productUseOf([...parts, consumePart({})], carrying(2_000, 2_000))).toEqual({
    ...use,
    messagesPerCpuSecond: 5_000,
  });
  expect(productUseOf([producePart({}), consumePart({})], carrying(2_000, 2_000))).toBeNull();
  const unseen = { ...use, cpuSeconds: null };
  expect(productUseOf([producePart({ product: unseen })], carrying(1, 1))?.messagesPerCpuSecond).toBeNull();
});

test('of several runs it is what they used together, and the most memory of any', () => {
  const run = (product: typeof use | null) => ({
    product: product && { ...product, messagesPerCpuSecond: 5_000 },
    measurement: carrying(2_000, 2_000),
  });
  expect(productOfRuns([run(use), run({ ...use, cpuSeconds: 1, peakMemoryBytes: 6e8 })])).toEqual({
    cpuSeconds: 5,
    peakMemoryBytes: 6e8,
    diskReadBytes: 0,
    diskWriteBytes: 4e7,
    messagesPerCpuSecond: 8_000,
  });
  expect(productOfRuns([run(use), run(null)])).toBeNull();
  // One that measured nothing used nothing that counts.
  const failed = { product: null, measurement: null };
  expect(productOfRuns([failed, run(use)])?.cpuSeconds).toBe(use.cpuSeconds);
  expect(productOfRuns([])).toBeNull();
});
