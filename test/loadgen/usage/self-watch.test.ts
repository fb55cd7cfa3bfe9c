import { expect, test } from '@jest/globals';
import { emptyCounts, percentileMs, totalCount } from '../../../loadgen/measure/latency-counts.ts';
import { recordDelay, tickMs } from '../../../loadgen/usage/self-watch.ts';

/** What a watch sees of a minute in which the thread is held up for so long, once in every so long. */
function delaysOf(heldMs: number, everyMs: number) {
  const delays = emptyCounts();
  for (let at = 0; at < 60_000; at += everyMs) {
    for (let free = 0; free < everyMs - heldMs; free += tickMs) recordDelay(delays, 500);
    if (heldMs > 0) recordDelay(delays, heldMs * 1_000);
  }
  return delays;
}

test.each([
  { heldMs: 0, everyMs: 1_000, p99Ms: 0.5 },
  // Of all moments, one in 100 waits for longer than this: held up for h once in e, that is h - e / 100.
  { heldMs: 40, everyMs: 850, p99Ms: 40 - 8.5 },
  { heldMs: 200, everyMs: 2_000, p99Ms: 200 - 20 },
  { heldMs: 500, everyMs: 10_000, p99Ms: 500 - 100 },
  { heldMs: 5_000, everyMs: 60_000, p99Ms: 5_000 - 600 },
])('held up for $heldMs ms in every $everyMs ms', ({ heldMs, everyMs, p99Ms }) => {
  const delays = delaysOf(heldMs, everyMs);
  expect(Math.abs((percentileMs(delays, 99) ?? 0) - p99Ms)).toBeLessThanOrEqual(2 * tickMs + p99Ms / 100);
});

test('as many ticks are counted as there would have been', () => {
  expect(Math.abs(totalCount(delaysOf(200, 2_000)) - 60_000 / tickMs)).toBeLessThanOrEqual(60);
});
