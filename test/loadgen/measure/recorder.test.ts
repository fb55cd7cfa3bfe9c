import { describe, expect, test } from '@jest/globals';
import { record } from '../../../loadgen/measure/latency-counts.ts';
import { Merger } from '../../../loadgen/measure/merger.ts';
import { Recorder } from '../../../loadgen/measure/recorder.ts';

describe('a recorder and a merger', () => {
  test('split a round into seconds and lose nothing', () => {
    const merger = new Merger(['messages'] as const, ['latency'] as const);
    const recorders = [0, 1].map(
      () =>
        new Recorder(['messages'] as const, ['latency'] as const, 1_000_000, (interval) =>
          merger.add(interval),
        ),
    );
    recorders.forEach((recorder, index) => {
      for (const atMicros of [1_000_000, 1_999_999, 2_000_000, 4_500_000]) {
        recorder.advanceTo(atMicros);
        recorder.sums.messages++;
        record(recorder.latencies.latency, index === 0 ? 1_000 : 2_000);
      }
      recorder.flush();
    });
    expect(merger.totals.messages).toBe(8);
    expect(merger.series()).toEqual([
      { second: 1, sums: { messages: 4 }, p50Ms: { latency: 1 }, p99Ms: { latency: 2 } },
      { second: 2, sums: { messages: 2 }, p50Ms: { latency: 1 }, p99Ms: { latency: 2 } },
      { second: 4, sums: { messages: 2 }, p50Ms: { latency: 1 }, p99Ms: { latency: 2 } },
    ]);
  });
});
