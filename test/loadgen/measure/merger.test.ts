import { describe, expect, test } from '@jest/globals';
import { emptyCounts } from '../../../loadgen/measure/latency-counts.ts';
import { Merger } from '../../../loadgen/measure/merger.ts';
import type { Interval } from '../../../loadgen/measure/recorder.ts';

describe('a merger', () => {
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
