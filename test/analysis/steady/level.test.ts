import { describe, expect, test } from '@jest/globals';
import { type LoadSecond, leastSeconds, levelOf } from '../../../src/analysis/steady/level.ts';
import { Noise } from '../support/noise.ts';

const rate = 1_000;

const second = (p50Ms: number, given: Partial<LoadSecond> = {}): LoadSecond => ({
  acknowledged: rate,
  received: rate,
  p50Ms,
  p99Ms: 3 * p50Ms,
  ...given,
});

describe('by its last seconds, a load', () => {
  test.each([
    ['of one latency is level', [5, 5, 5, 5, 5, 5, 5], true],
    ['that goes to and fro is level', [5, 6, 5, 6, 5, 6, 5, 6], true],
    ['with a pause in it is level', [5, 5, 5, 400, 5, 5, 5, 5], true],
    ['that began slowly is level once that is long past', [40, 20, 10, ...Array<number>(10).fill(5)], true],
    ['that changes by less than a timer shows is level', [0.3, 0.28, 0.26, 0.24, 0.22, 0.2, 0.18], true],
    [
      'that changes by a tenth is not told from one that does not',
      [10.9, 10.7, 10.6, 10.4, 10.3, 10.1, 10],
      true,
    ],
    ['of few seconds says nothing', [5, 5, 5, 5, 5, 5], null],
  ])('%s', (_, p50s, level) => {
    const found = levelOf(
      p50s.map((ms) => second(ms)),
      rate,
    );
    expect(found).toEqual({ level, moving: null, reason: null });
  });

  test('whose messages take seconds is level before the first have come for all of it', () => {
    const late = [0, 300, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000].map((received) =>
      second(1_700, { received }),
    );
    expect(levelOf(late, rate, 8)).toMatchObject({ level: true });
    expect(levelOf(late, rate, 20)).toMatchObject({ level: false, moving: 'worse' });
  });

  test.each<[string, LoadSecond[], object]>([
    [
      'that gets faster',
      [20, 17, 14.5, 12, 11, 10, 9, 8].map((ms) => second(ms)),
      {
        level: false,
        moving: 'better',
        reason: 'latency was still falling: its p50 went from 17.9 to 7.38 ms in 8 s',
      },
    ],
    [
      'that gets slower',
      [8, 9, 10, 11, 12, 14.5, 17, 20].map((ms) => second(ms)),
      {
        level: false,
        moving: 'worse',
        reason: 'latency was still rising: its p50 went from 7.38 to 17.9 ms in 8 s',
      },
    ],
    [
      'whose tail alone gets shorter',
      [80, 70, 61, 55, 48, 41, 36, 30].map((p99Ms) => second(5, { p99Ms })),
      { level: false, moving: 'better', reason: expect.stringContaining('its p99 went from') },
    ],
    [
      'that is not acknowledged in time',
      Array.from({ length: 8 }, () => second(5, { acknowledged: 950 })),
      {
        level: false,
        moving: 'worse',
        reason: 'less came through than was due: 950 of 1,000 messages/s were acknowledged',
      },
    ],
    [
      'that does not arrive in time',
      Array.from({ length: 8 }, () => second(5, { received: 900 })),
      {
        level: false,
        moving: 'worse',
        reason: 'less came through than was due: 900 of 1,000 messages/s were received',
      },
    ],
  ])('%s is not, and is told why', (_, seconds, found) => {
    expect(levelOf(seconds, rate)).toEqual(found);
  });

  test('is not judged by what others receive of it', () => {
    const seconds = Array.from({ length: 8 }, () => second(5, { received: null }));
    expect(levelOf(seconds, rate).level).toBe(true);
  });

  test('of hardly any messages says nothing', () => {
    const seconds = [80, 70, 60, 50, 40, 30, 20].map((ms) => second(ms, { acknowledged: 1, received: 1 }));
    expect(levelOf(seconds, 1).level).toBeNull();
  });
});

const runs = 200;
const least = 5;
const most = 60;

/** After how many seconds warm-ups end that are looked at each second from the 5th on; infinity for never. */
function endsOf(simulated: (noise: Noise) => (second: number) => LoadSecond): number[] {
  return Array.from({ length: runs }, (_, seed) => {
    const next = simulated(new Noise(seed));
    const seconds: LoadSecond[] = [];
    for (let at = 1; at <= most; at++) {
      seconds.push(next(at));
      if (at >= least && levelOf(seconds, rate).level) return at;
    }
    return Number.POSITIVE_INFINITY;
  }).sort((a, b) => a - b);
}

const shareOf = (sorted: readonly number[], share: number) =>
  sorted[Math.floor(share * sorted.length)] as number;

describe('a warm-up that is looked at every second', () => {
  test.each([
    ['a quiet machine', 5, 0.03, 0],
    ['a usual machine', 5, 0.1, 0.5],
    ['a noisy machine', 5, 0.3, 0],
    ['a noisy machine with moods', 5, 0.3, 0.5],
    ['a slow product', 700, 0.15, 0.3],
  ])('ends soon on %s', (_, p50Ms, deviation, resemblance) => {
    const ends = endsOf((noise) => () => {
      const p50 = p50Ms * noise.nextFactor(deviation, resemblance);
      return second(p50, { p99Ms: 3 * p50 * noise.factor(2 * deviation) });
    });
    expect(shareOf(ends, 0.5)).toBeLessThanOrEqual(leastSeconds);
    expect(shareOf(ends, 0.95)).toBeLessThanOrEqual(least + 10);
    expect(ends.at(-1)).toBeLessThan(most);
  });

  test('ends soon where a consumer fetches now and then, and the first messages take their time', () => {
    const ends = endsOf((noise) => {
      let waiting = 700;
      return (at) => {
        const left = 700 + 250 * (2 * noise.random() - 1);
        const received = rate + (at === 1 ? 0 : waiting) - left;
        waiting = left;
        return second(700 * noise.factor(0.2), { received, p99Ms: 1_500 * noise.factor(0.3) });
      };
    });
    expect(shareOf(ends, 0.5)).toBeLessThanOrEqual(least + 5);
    expect(shareOf(ends, 0.95)).toBeLessThanOrEqual(least + 10);
    expect(ends.at(-1)).toBeLessThan(most);
  });

  test.each([3, 4, 7])('ends in spite of a pause every %i s', (everySeconds) => {
    const ends = endsOf((noise) => {
      const phase = Math.floor(noise.random() * everySeconds);
      return (at) => {
        const place = (at + phase) % everySeconds;
        if (place === 0) return { acknowledged: 0, received: 0, p50Ms: null, p99Ms: null };
        if (place === 1) return second(300, { acknowledged: 2 * rate, received: 2 * rate, p99Ms: 1_000 });
        return second(5 * noise.factor(0.05), { p99Ms: 12 * noise.factor(0.2) });
      };
    });
    expect(shareOf(ends, 0.95)).toBeLessThanOrEqual(least + 10);
    expect(ends.at(-1)).toBeLessThan(most);
  });

  test.each([
    { times: 3, settling: 3, deviation: 0.03 },
    { times: 3, settling: 6, deviation: 0.05 },
    { times: 6, settling: 8, deviation: 0.05 },
    { times: 2, settling: 4, deviation: 0.05 },
  ])(
    'does not end before code that began $times times as slow and settles in $settling s is within a fifth of its end',
    ({ times, settling, deviation }) => {
      const slowness = (at: number) => (times - 1) * Math.exp(-at / settling);
      const ends = endsOf((noise) => (at) => second(5 * (1 + slowness(at)) * noise.factor(deviation)));
      const left = ends.filter((at) => slowness(at) > 0.2);
      expect(left.length).toBeLessThanOrEqual(0.01 * runs);
      expect(ends.at(-1)).toBeLessThan(most);
    },
  );

  test.each([0.05, 0.1, 0.5])('never ends while a backlog grows by %d of the load', (share) => {
    const ends = endsOf((noise) => (at) => {
      const delay = 5 + share * 1_000 * at;
      return second(delay * noise.factor(0.05), { received: rate * (1 - share), p99Ms: delay + 20 });
    });
    expect(ends[0]).toBe(Number.POSITIVE_INFINITY);
  });
});
