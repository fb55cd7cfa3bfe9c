import { describe, expect, test } from '@jest/globals';
import { decodeHistogram, emptyCounts, record } from '../../../loadgen/measure/latency-counts.ts';
import { intervalSecondsOf, Merger } from '../../../loadgen/measure/merger.ts';
import type { Interval } from '../../../loadgen/measure/recorder.ts';

describe('a merger', () => {
  test('keeps the counts of longer intervals, whenever they come', () => {
    const merger = new Merger(['messages'] as const, ['latency'] as const, 5);
    for (const [second, ms] of [
      [1, 1],
      [5, 2],
      [6, 3],
      [40, 4],
      [2, 5],
    ] as const) {
      const latency = emptyCounts();
      record(latency, ms * 1_000);
      merger.add({ second, sums: { messages: 1 }, latencies: { latency } });
    }
    const intervals = merger.intervals().map(({ second, histograms }) => {
      const histogram = decodeHistogram(histograms.latency);
      return [second, histogram?.totalCount, Math.round((histogram?.maxValue ?? 0) / 1_000)];
    });
    // The last one came when its interval had been put away.
    expect(intervals).toEqual([
      [5, 2, 2],
      [5, 1, 5],
      [10, 1, 3],
      [40, 1, 4],
    ]);
  });

  test.each([
    { durationSeconds: 1, intervalSeconds: 5 },
    { durationSeconds: 500, intervalSeconds: 5 },
    { durationSeconds: 700, intervalSeconds: 7 },
    { durationSeconds: 86_400, intervalSeconds: 864 },
  ])('of $durationSeconds s in intervals of $intervalSeconds s', ({ durationSeconds, intervalSeconds }) => {
    expect(intervalSecondsOf(durationSeconds)).toBe(intervalSeconds);
  });

  test('counts what a thread reports long after its second', () => {
    const merger = new Merger(['messages'] as const, ['latency'] as const);
    const interval = (second: number): Interval<'messages', 'latency'> => ({
      second,
      sums: { messages: 1 },
      latencies: { latency: emptyCounts() },
    });
    for (const second of [1, 20, 1, 1]) merger.add(interval(second));
    expect(merger.series().map(({ second, sums }) => [second, sums.messages])).toEqual([
      [1, 3],
      [20, 1],
    ]);
  });
});
