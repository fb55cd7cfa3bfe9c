import { expect, test } from '@jest/globals';
import { sumCounters } from '../../../loadgen/measure/counters.ts';
import { keptSamples, ratesOf, type Sample } from '../../../loadgen/session/live-stats.ts';

/** The rate that is shown of what was received, second by second, of its running sums. */
function shown(...received: number[]): number[] {
  let samples: Sample[] = [];
  return received.map((sum, second) => {
    samples = keptSamples(samples, {
      atMs: second * 1_000,
      counters: { ...sumCounters([]), received: sum },
    });
    return ratesOf(samples).received;
  });
}

const every = (seconds: number, length: number) => Array.from({ length }, (_, n) => Math.floor(n / seconds));

test('one message in five seconds reads so, in every second', () => {
  const rates = shown(...every(5, 61)).slice(10);
  expect(Math.min(...rates)).toBeGreaterThan(0.13);
  expect(Math.max(...rates)).toBeLessThan(0.22);
});

test('many messages read as those of the last second', () => {
  expect(shown(0, 1_000, 2_000, 7_000)).toEqual([0, 1_000, 1_000, 5_000]);
});

test('a second that is some milliseconds longer has not stopped', () => {
  const samples: Sample[] = [0, 1_004, 2_009].map((atMs) => ({
    atMs,
    counters: { ...sumCounters([]), received: atMs },
  }));
  expect(Math.round(ratesOf(samples).received)).toBe(1_000);
});

test('what stops, or begins anew, is seen at once', () => {
  expect(shown(0, 1_000, 2_000, 2_000).at(-1)).toBe(0);
  expect(shown(...every(5, 31), ...Array<number>(20).fill(6)).at(-1)).toBe(0);
  expect(shown(0, 1_000, 2_000, 500).at(-1)).toBe(500);
  expect(shown()).toEqual([]);
});
