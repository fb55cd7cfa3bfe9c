import { expect, test } from '@jest/globals';
import * as hdr from 'hdr-histogram-js';
import { intervalsOfLines, latenciesWithin } from '../../../src/analysis/latency/window.ts';

/** A hundred latencies of so many ms. */
function histogram(ms: number): string {
  const one = hdr.build({ bitBucketSize: 64, autoResize: true, numberOfSignificantValueDigits: 3 });
  one.recordValueWithCount(ms * 1_000, 100);
  return hdr.encodeIntoCompressedBase64(one);
}

const lines = [1, 2, 300]
  .map((ms, index) =>
    JSON.stringify({
      fromSecond: index * 5,
      untilSecond: index * 5 + 5,
      publish: null,
      publishScheduled: histogram(ms),
      endToEnd: histogram(ms),
    }),
  )
  .join('\n');

test.each([
  [0, 15, 300, 300],
  [0, 10, 200, 2],
  [5, 15, 200, 300],
  [10, 15, 100, 300],
  // Only whole intervals can be told.
  [4, 11, 100, 2],
])('from second %d to %d there are %d messages, and the longest took %d ms', (from, until, count, maxMs) => {
  const { endToEnd, publish } = latenciesWithin(intervalsOfLines(`${lines}\n`), from, until);
  expect(endToEnd.count).toBe(count);
  expect(Math.round(endToEnd.maxMs ?? Number.NaN)).toBe(maxMs);
  expect(publish).toMatchObject({ count: 0, p99Ms: null, histogram: null });
});

test('a part without a whole interval has no latency', () => {
  expect(latenciesWithin(intervalsOfLines(lines), 1, 4).endToEnd.count).toBe(0);
});
