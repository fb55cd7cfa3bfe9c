import { expect, test } from '@jest/globals';
import { type ArrivalSecond, backlogGrowth, hasGrown } from '../../src/analysis/backlog.ts';
import { seededRandom } from '../../src/contracts/input/grid/random.ts';
import { consumedFrom } from './support/queueing-product.ts';

const rate = 1_000;

/** Of so many looks at a product like this, the share that finds its backlog growing. */
function shareGrown(options: {
  seconds: number;
  capacity?: number;
  delayMs: number;
  jitterMs: number;
}): number {
  const { seconds, capacity = rate, delayMs, jitterMs } = options;
  const random = seededRandom(seconds * 7 + jitterMs);
  const product = { capacityPerSecond: capacity, delayMs, jitterMs, random };
  const looks = Array.from({ length: 200 }, () => {
    const { series = [] } = consumedFrom(product, rate, seconds);
    const quickestMs = Math.min(...series.map(({ endToEndP50Ms }) => endToEndP50Ms as number));
    return grew(seconds, series, quickestMs / 1_000);
  });
  return looks.filter(Boolean).length / looks.length;
}

const grew = (seconds: number, series: readonly (ArrivalSecond & { second: number })[], delaySeconds = 0) => {
  const arrived = Array.from(
    { length: seconds },
    (_, index) => series.find(({ second }) => second === index + 1) ?? { received: 0, secondsLeft: 0 },
  );
  const growth = backlogGrowth([{ messagesPerSecond: rate, seconds }], arrived, delaySeconds);
  return growth !== null && hasGrown(growth);
};

/** As many in each second, evenly over it. */
const evenly = (...received: number[]) =>
  received.map((one, index) => ({ second: index + 1, received: one, secondsLeft: one / 2 }));

test.each([
  [150, 20],
  [150, 50],
  [300, 100],
  [750, 250],
])('a steady delay of %i ± %i ms is no growth', (delayMs, jitterMs) => {
  for (const seconds of [2, 5, 10, 20]) {
    expect([seconds, shareGrown({ seconds, delayMs, jitterMs }) < 0.06]).toEqual([seconds, true]);
  }
});

test.each([
  [2, 800, 20, 5],
  [5, 950, 20, 5],
  [10, 980, 20, 5],
  [20, 985, 20, 5],
  [10, 950, 300, 100],
  [20, 970, 750, 250],
])('in %i s, a product that takes %i of 1,000 is told from one that takes all, at %i ± %i ms', (...of) => {
  const [seconds, capacity, delayMs, jitterMs] = of;
  expect(shareGrown({ seconds, capacity, delayMs, jitterMs })).toBeGreaterThan(0.95);
});

test('a backlog that is gone at the end has not grown, nor one that was there from the first', () => {
  expect(grew(10, evenly(...Array(5).fill(1_000), 1_000, 0, 2_000, 1_000, 1_000))).toBe(false);
  expect(grew(10, evenly(0, ...Array(9).fill(1_000)))).toBe(false);
  expect(grew(10, evenly(...Array(7).fill(1_000), 0, 0, 0))).toBe(true);
});

test('what is due follows the steps', () => {
  const steps = [
    { messagesPerSecond: 100, seconds: 3 },
    { messagesPerSecond: 1_000, seconds: 3 },
  ];
  expect(backlogGrowth(steps, evenly(100, 100, 100, 1_000, 1_000, 1_000))).toMatchObject({
    perSecond: 0,
    atEnd: 0,
  });
  expect(backlogGrowth(steps, evenly(...Array(6).fill(100)))).toMatchObject({ atEnd: 2_700 });
});

test('what takes two seconds each time is no growth, nor taken for it at the start', () => {
  const late = [0, 0, ...Array(8).fill(1_000)];
  expect(grew(10, evenly(...late), 2)).toBe(false);
  expect(grew(5, evenly(...late.slice(0, 5)), 2)).toBe(false);
});

test('what an earlier release measured does not say when in a second its messages came: evenly', () => {
  const arrived = evenly(...Array(10).fill(900)).map(({ received }) => ({ received, secondsLeft: null }));
  expect(backlogGrowth([{ messagesPerSecond: rate, seconds: 10 }], arrived)).toMatchObject({
    perSecond: 100,
  });
});

test('less than two seconds say nothing', () => {
  expect(backlogGrowth([{ messagesPerSecond: rate, seconds: 1.9 }], evenly(1_000))).toBeNull();
});
