import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { build } from 'hdr-histogram-js';
import {
  addCounts,
  emptyCounts,
  encodeCounts,
  percentileMs,
  record,
} from '../../../loadgen/measure/latency-counts.ts';
import { decodeHistogram } from '../../support/histograms.ts';

describe('latency counts', () => {
  const latencies = fc.array(
    fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 2 ** 31 - 1 })),
    { minLength: 1 },
  );

  test('say the same as HdrHistogram', () => {
    fc.assert(
      fc.property(latencies, (micros) => {
        const counts = emptyCounts();
        const histogram = build({
          lowestDiscernibleValue: 1,
          highestTrackableValue: 2 ** 31 - 1,
          numberOfSignificantValueDigits: 3,
        });
        for (const value of micros) {
          record(counts, value);
          histogram.recordValue(value);
        }
        const decoded = decodeHistogram(encodeCounts(counts));
        for (const percentile of [0.1, 50, 90, 99, 99.9, 100]) {
          expect(percentileMs(counts, percentile)).toBe(histogram.getValueAtPercentile(percentile) / 1_000);
          expect(decoded?.getValueAtPercentile(percentile)).toBe(histogram.getValueAtPercentile(percentile));
        }
        expect(decoded?.totalCount).toBe(micros.length);
      }),
    );
  });

  test('keep three significant digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (micros) => {
        const counts = emptyCounts();
        record(counts, micros);
        expect(Math.abs((percentileMs(counts, 50) as number) * 1_000 - micros) / micros).toBeLessThan(0.001);
      }),
    );
  });

  test('merge by adding', () => {
    const [one, other] = [emptyCounts(), emptyCounts()];
    for (let micros = 0; micros < 100; micros++) record(one, micros);
    for (let micros = 100; micros < 200; micros++) record(other, micros);
    addCounts(one, other);
    expect(percentileMs(one, 50)).toBe(0.099);
    expect(percentileMs(one, 100)).toBe(0.199);
  });

  test('take what is out of range for its nearest end', () => {
    const counts = emptyCounts();
    record(counts, -3);
    record(counts, 1e12);
    expect(percentileMs(counts, 50)).toBe(0);
    expect(percentileMs(counts, 100)).toBe((2 ** 31 - 1) / 1_000);
  });

  test('are null where nothing was counted', () => {
    expect([encodeCounts(emptyCounts()), percentileMs(emptyCounts(), 50), decodeHistogram(null)]).toEqual([
      null,
      null,
      null,
    ]);
  });
});
