import { describe, expect, test } from '@jest/globals';
import { type ArrivedSecond, halvesOf } from '../../../src/analysis/steady/halves.ts';
import { Noise } from '../support/noise.ts';

const seconds = (p50s: readonly (number | null)[], consumed: readonly number[] = []): ArrivedSecond[] =>
  p50s.map((p50Ms, index) => ({ p50Ms, consumed: consumed[index] ?? 1_000 }));

const fill = (count: number, value: number) => Array<number>(count).fill(value);

describe('halves', () => {
  test.each<[string, ArrivedSecond[], boolean | null]>([
    ['of fewer than six seconds say nothing', seconds(fill(5, 5)), null],
    ['in which nothing came say nothing', seconds(Array(10).fill(null), fill(10, 0)), null],
    ['that are alike are steady', seconds(fill(6, 5)), true],
    ['that differ by a fifth are', seconds([...fill(10, 5), ...fill(10, 6)]), true],
    ['that differ by less than a timer shows are', seconds([...fill(10, 0.3), ...fill(10, 0.15)]), true],
    ['with a pause in one of them are', seconds([...fill(12, 5), 900, ...fill(7, 5)]), true],
    [
      'whose seconds are uneven are',
      seconds(fill(10, 700), [400, 1_600, 1_000, 700, 1_300, 1_000, 1_500, 500, 1_000, 1_700]),
      true,
    ],
  ])('%s', (_, given, level) => {
    expect(halvesOf(given)).toEqual({ level, moving: null, reason: null });
  });

  test.each<[string, ArrivedSecond[], object]>([
    [
      'the second is faster',
      seconds([...fill(10, 10), ...fill(10, 6)]),
      {
        moving: 'better',
        reason: 'latency was still falling: the p50 of the second half is 40% below the first',
      },
    ],
    [
      'the second is slower',
      seconds([...fill(10, 6), ...fill(10, 9)]),
      { moving: 'worse', reason: 'latency was rising: the p50 of the second half is 50% above the first' },
    ],
    [
      'the second carries less',
      seconds(fill(20, 6), [...fill(10, 1_000), ...fill(10, 880)]),
      { moving: 'worse', reason: 'throughput was falling: the second half carried 12% less than the first' },
    ],
    [
      'the second carries more',
      seconds(fill(20, 6), [...fill(10, 1_000), ...fill(10, 1_100)]),
      {
        moving: 'better',
        reason: 'throughput was still rising: the second half carried 10% more than the first',
      },
    ],
  ])('differ where %s', (_, given, found) => {
    expect(halvesOf(given)).toEqual({ level: false, ...found });
  });
});

const runs = 1_000;

/** In how many of 100 measurements halves are said to differ. */
function alarms(simulated: (noise: Noise) => (second: number) => ArrivedSecond, length: number): number {
  const found = Array.from({ length: runs }, (_, seed) => {
    const next = simulated(new Noise(seed));
    return halvesOf(Array.from({ length }, (__, index) => next(index + 1)));
  });
  return (100 * found.filter(({ level }) => level === false).length) / runs;
}

describe('of measurements whose state is steady', () => {
  // What was seen with these seeds stands in the title's last number, rounded up: a wider test would hide a worse one.
  test.each([
    { length: 6, deviation: 0.1, resemblance: 0.5, most: 0.5 },
    { length: 10, deviation: 0.1, resemblance: 0.5, most: 1 },
    { length: 20, deviation: 0.1, resemblance: 0.8, most: 1.5 },
    { length: 20, deviation: 0.2, resemblance: 0.5, most: 3 },
    { length: 60, deviation: 0.2, resemblance: 0.5, most: 0.5 },
    { length: 60, deviation: 0.3, resemblance: 0.8, most: 5 },
  ])(
    'with $length s of noise of $deviation that resembles itself by $resemblance, at most $most% are said not to be',
    ({ length, deviation, resemblance, most }) => {
      const share = alarms(
        (noise) => () => ({ consumed: 1_000, p50Ms: 5 * noise.nextFactor(deviation, resemblance) }),
        length,
      );
      expect(share).toBeLessThanOrEqual(most);
    },
  );

  test.each([10, 20, 60])('with pauses now and then, hardly any of %i s', (length) => {
    const share = alarms((noise) => {
      const phase = Math.floor(noise.random() * 7);
      return (at) => {
        const place = (at + phase) % 7;
        if (place === 0) return { consumed: 0, p50Ms: null };
        return { consumed: place === 1 ? 2_000 : 1_000, p50Ms: place === 1 ? 300 : 5 * noise.factor(0.05) };
      };
    }, length);
    expect(share).toBeLessThanOrEqual(0.5);
  });

  test('of which a consumer fetches now and then, hardly any', () => {
    const share = alarms((noise) => {
      let waiting = 700;
      return () => {
        const left = 700 + 300 * (2 * noise.random() - 1);
        const consumed = 1_000 + waiting - left;
        waiting = left;
        return { consumed, p50Ms: 700 * noise.factor(0.2) };
      };
    }, 20);
    expect(share).toBeLessThanOrEqual(1);
  });
});

test.each([10, 20, 60])('of %i s in which code becomes faster, nearly all are said not to be', (length) => {
  const share = alarms(
    (noise) => (at) => ({
      consumed: 1_000,
      p50Ms: 5 * (1 + 3 * Math.exp((-3 * at) / length)) * noise.factor(0.05),
    }),
    length,
  );
  expect(share).toBeGreaterThan(90);
});
