import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { record } from '../../../loadgen/measure/latency-counts.ts';
import { Merger } from '../../../loadgen/measure/merger.ts';
import { Recorder } from '../../../loadgen/measure/recorder.ts';

/** Memory in use once everything unused is gone. */
function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

test('an hour costs a few hundred bytes a second, whatever the rate', () => {
  const sums = ['acknowledged', 'failed'] as const;
  const latencies = ['publish', 'endToEnd'] as const;
  const merger = new Merger(sums, latencies);
  const recorder = new Recorder(sums, latencies, 0, (interval) => merger.add(interval));
  const run = (fromSecond: number, untilSecond: number) => {
    for (let second = fromSecond; second < untilSecond; second++) {
      for (let message = 0; message < 20; message++) {
        recorder.advanceTo(second * 1e6 + message);
        recorder.sums.acknowledged++;
        record(recorder.latencies.publish, message * 1_000 + second);
        record(recorder.latencies.endToEnd, message * 2_000 + second);
      }
    }
  };
  run(0, 60);
  const before = usedBytes();
  run(60, 3_660);
  expect((usedBytes() - before) / 3_600).toBeLessThan(500);
  recorder.flush();
  expect(merger.totals.acknowledged).toBe(3_660 * 20);
  expect(merger.series()).toHaveLength(3_660);
});
