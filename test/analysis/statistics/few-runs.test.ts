import { expect, test } from '@jest/globals';
import { verdictOfRuns } from '../../../src/analysis/repetitions/verdict-of-runs.ts';
import { boundedMedianOfRuns } from '../../../src/analysis/statistics/few-runs.ts';
import type { Verdict } from '../../../src/contracts/documents/result.ts';
import { Noise } from '../support/noise.ts';

const metric = 'latency.endToEnd.p99Ms';

function verdictOn(values: readonly number[], atMost: number): Verdict['verdict'] {
  const verdicts = values.map((measured): Verdict => {
    const verdict = measured <= atMost ? 'met' : 'not-met';
    return { metric, atMost, measured, verdict, reason: '' };
  });
  return verdictOfRuns(verdicts, values.length).verdict;
}

/** Latencies of runs whose median is 100 ms. */
const distributions: Record<string, (noise: Noise) => number> = {
  'log-normal, 5%': (noise) => 100 * noise.factor(0.05),
  'log-normal, 50%': (noise) => 100 * noise.factor(0.5),
  normal: (noise) => 100 + noise.normal(3),
  'exponential, which is skewed': (noise) => (-100 / Math.LN2) * Math.log(1 - noise.random()),
  'with outliers on both sides': (noise) => 100 * noise.factor(noise.random() < 0.1 ? 0.5 : 0.05),
};
const times = 1_500;
/** Three standard errors of a share of 1 in 16. */
const tolerance = 3 * Math.sqrt((0.0625 * 0.9375) / times);

test.each([2, 3, 4, 5, 9].flatMap((runs) => Object.keys(distributions).map((kind) => [runs, kind] as const)))(
  '%i runs, %s: a bound that is the very median is decided no more than 1 time in 16',
  (runs, kind) => {
    const noise = new Noise(runs);
    const draw = distributions[kind] as (noise: Noise) => number;
    const wrong = Array.from({ length: times }, () =>
      verdictOn(
        Array.from({ length: runs }, () => draw(noise)),
        100,
      ),
    ).filter((verdict) => verdict !== 'undecided');
    expect(wrong.length / times).toBeLessThan(0.0625 + tolerance);
  },
);

test.each([
  [2, 2],
  [3, 1.3],
  [4, 1.2],
])('%i runs that vary by 5%% still tell a bound of %f times the median', (runs, times100) => {
  const noise = new Noise(7);
  const told = Array.from({ length: 500 }, () =>
    verdictOn(
      Array.from({ length: runs }, () => 100 * noise.factor(0.05)),
      100 * times100,
    ),
  ).filter((verdict) => verdict === 'met');
  expect(told.length / 500).toBeGreaterThan(0.85);
});

test.each<[number[], { low: number; high: number }]>([
  [[3], { low: 3, high: 3 }],
  [[20, 20], { low: 20, high: 20 }],
  [[20, Number.POSITIVE_INFINITY], { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }],
  [
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    { low: Number.POSITIVE_INFINITY, high: Number.POSITIVE_INFINITY },
  ],
  [[5, 1, 4, 2, 3], { low: 1, high: 5 }],
])('of %j', (values, interval) => {
  expect(boundedMedianOfRuns(values)).toMatchObject(interval);
});

test('of proportions, and of what may be 0 as it is', () => {
  const few = boundedMedianOfRuns([20, 22]);
  expect(few?.median).toBe(21);
  expect(few?.low).toBeCloseTo(12.93, 2);
  expect(few?.high).toBeCloseTo(34.03, 2);
  expect(boundedMedianOfRuns([0, 2])?.low).toBeCloseTo(1 - 10.15317, 4);
});

test('without any there is none', () => {
  expect(boundedMedianOfRuns([])).toBeNull();
});
