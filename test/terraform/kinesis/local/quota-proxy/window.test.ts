import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SlidingWindow } from '../../../../../terraform/kinesis/local/quota-proxy/window.ts';

/** Takes what fits, and answers which of the amounts did. */
function take(
  window: SlidingWindow,
  wanted: readonly (readonly [atMs: number, amount: number])[],
): boolean[] {
  return wanted.map(([atMs, amount]) => {
    const fits = window.fits(atMs, amount);
    if (fits) window.add(atMs, amount);
    return fits;
  });
}

describe('a window of 10 a second', () => {
  test.each([
    [
      'takes ten at once, and no more',
      [
        [0, 10],
        [0, 1],
        [999, 1],
      ],
      [true, false, false],
    ],
    [
      'forgets each after a second',
      [
        [0, 6],
        [500, 4],
        [999, 1],
        [1_000, 6],
        [1_000, 1],
        [1_500, 4],
      ],
      [true, true, false, true, false, true],
    ],
    [
      'counts nothing for what it refuses',
      [
        [0, 9],
        [1, 2],
        [2, 1],
      ],
      [true, false, true],
    ],
    [
      'lets a larger one in by itself, and makes up for it',
      [
        [0, 1],
        [1, 30],
        [1_000, 30],
        [3_999, 1],
        [4_000, 1],
      ],
      [true, false, true, false, true],
    ],
  ] as const)('%s', (_, wanted, expected) => {
    expect(take(new SlidingWindow(10), wanted)).toEqual(expected);
  });

  test('is closed for as long as it takes to make up for what came out larger', () => {
    const window = new SlidingWindow(10);
    window.add(0, 4);
    window.add(100, 46);
    // 50 in all: five seconds' worth.
    expect(window.fits(5_099, 1)).toBe(false);
    expect(window.fits(5_100, 10)).toBe(true);
  });
});

const wanted = fc
  .array(fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 60 })), { maxLength: 200 })
  .map((steps) => {
    let atMs = 0;
    return steps.map(([waitMs, amount]) => {
      atMs += waitMs;
      return [atMs, amount] as const;
    });
  });

test('no second, wherever it begins, holds more than the quota, and nothing is refused that would have fit', () => {
  fc.assert(
    fc.property(wanted, fc.integer({ min: 60, max: 200 }), (requests, quota) => {
      const taken = take(new SlidingWindow(quota), requests);
      const sumBefore = (index: number) =>
        requests.reduce((sum, [atMs, amount], other) => {
          const within = other < index && taken[other] && (requests[index]?.[0] ?? 0) - atMs < 1_000;
          return within ? sum + amount : sum;
        }, 0);
      requests.forEach(([, amount], index) => {
        expect(taken[index]).toBe(sumBefore(index) + amount <= quota);
      });
    }),
  );
});

test('amounts that are only known afterwards keep to the quota in the long run', () => {
  fc.assert(
    fc.property(wanted, (requests) => {
      const quota = 20;
      const window = new SlidingWindow(quota);
      let sum = 0;
      for (const [atMs, amount] of requests) {
        if (!window.fits(atMs, 1)) continue;
        // What was taken before this one is covered by the time that has gone by, and one second's burst.
        expect(sum).toBeLessThanOrEqual(quota * (atMs / 1_000 + 1));
        window.add(atMs, amount);
        sum += amount;
      }
    }),
  );
});
