import { expect, test } from '@jest/globals';
import { productOfRuns, productUseOf } from '../../src/analysis/product-use.ts';
import { measurement } from '../support/documents.ts';
import { consumePart, producePart } from '../support/load-parts.ts';

const use = { cpuSeconds: 4, peakMemoryBytes: 5e8, diskReadBytes: 0, diskWriteBytes: 2e7 };

test('several load generators saw the same processes', () => {
  const parts = [
    producePart({ product: null }),
    producePart({ product: use }),
    producePart({ product: use }),
  ];
  expect(productUseOf([...parts, consumePart({})], 20_000)).toEqual({ ...use, messagesPerCpuSecond: 5_000 });
  expect(productUseOf([producePart({}), consumePart({})], 20_000)).toBeNull();
  const unseen = { ...use, cpuSeconds: null };
  expect(productUseOf([producePart({ product: unseen })], 1)?.messagesPerCpuSecond).toBeNull();
});

test('of several runs it is what they used together, and the most memory of any', () => {
  const run = (product: typeof use | null) => ({
    product: product && { ...product, messagesPerCpuSecond: 5_000 },
    measurement: measurement(),
  });
  expect(productOfRuns([run(use), run({ ...use, cpuSeconds: 1, peakMemoryBytes: 6e8 })])).toEqual({
    cpuSeconds: 5,
    peakMemoryBytes: 6e8,
    diskReadBytes: 0,
    diskWriteBytes: 4e7,
    messagesPerCpuSecond: 8_000,
  });
  expect(productOfRuns([run(use), run(null)])).toBeNull();
  expect(productOfRuns([])).toBeNull();
});
