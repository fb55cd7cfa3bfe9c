import { describe, expect, test } from '@jest/globals';
import { emptyCounts, record } from '../../../loadgen/measure/latency-counts.ts';
import { intervalSecondsOf, Merger } from '../../../loadgen/measure/merger.ts';
import type { Interval } from '../../../loadgen/measure/recorder.ts';
import { decodeHistogram } from '../../support/histograms.ts';

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

  test('tells the newest seconds while more come, with nothing for those in which nothing did', () => {
    const merger = new Merger(['messages'] as const, ['latency'] as const);
    const add = (second: number, ms: number) => {
      const latency = emptyCounts();
      record(latency, ms * 1_000);
      merger.add({ second, sums: { messages: 1 }, latencies: { latency } });
    };
    for (let second = 1; second <= 9; second++) if (second !== 8) add(second, second);
    const seen = () =>
      merger
        .newest(10, 9)
        .map((one) => one && [one.second, one.sums.messages, Math.round(one.p50Ms.latency ?? 0)]);
    const known = [1, 2, 3, 4, 5, 6, 7].map((second) => [second, 1, second]);
    expect(seen()).toEqual([...known, null, [9, 1, 9]]);
    add(9, 9);
    expect(seen().at(-1)).toEqual([9, 2, 9]);
    expect(merger.newest(2, 7).map((one) => one?.second)).toEqual([6, 7]);
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
