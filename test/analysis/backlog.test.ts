import { expect, test } from '@jest/globals';
import { backlogGrowth, hasGrown } from '../../src/analysis/backlog.ts';

const rate = 1_000;

/** A generator of numbers from 0 to below 1 that are the same each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What arrives each second of a product that takes at most `capacity` a second, each message some time later. */
function arriving(options: {
  seconds: number;
  capacity?: number;
  delayMs: number;
  jitterMs: number;
  random: () => number;
}): number[] {
  const { seconds, capacity = rate, delayMs, jitterMs, random } = options;
  let before = 0;
  return Array.from({ length: seconds }, (_, index) => {
    const behindSeconds = (delayMs + (random() * 2 - 1) * jitterMs) / 1_000;
    const came = Math.max(before, Math.min(rate, capacity) * (index + 1 - behindSeconds));
    const now = came - before;
    before = came;
    return now;
  });
}

const grew = (seconds: number, arrived: number[]) => {
  const growth = backlogGrowth([{ messagesPerSecond: rate, seconds }], arrived);
  return growth !== null && hasGrown(growth);
};

/** Of 1,000 looks at a product like this. */
function shareGrown(options: {
  seconds: number;
  capacity?: number;
  delayMs: number;
  jitterMs: number;
}): number {
  const random = seeded(options.seconds * 7 + options.jitterMs);
  const looks = Array.from({ length: 1_000 }, () => grew(options.seconds, arriving({ ...options, random })));
  return looks.filter(Boolean).length / looks.length;
}

test.each([
  [150, 20],
  [150, 50],
  [300, 100],
  [750, 250],
])('a steady delay of %i ± %i ms is no growth', (delayMs, jitterMs) => {
  for (const seconds of [5, 10, 20]) {
    expect([seconds, shareGrown({ seconds, delayMs, jitterMs }) < 0.06]).toEqual([seconds, true]);
  }
});

test.each([
  [5, 950],
  [10, 970],
  [20, 985],
])('in %i s, a product that takes %i of 1,000 is told from one that takes all', (seconds, capacity) => {
  expect(shareGrown({ seconds, capacity, delayMs: 20, jitterMs: 5 })).toBe(1);
});

test('a backlog that is gone at the end has not grown, nor one that was there from the first', () => {
  expect(grew(10, [...Array(5).fill(1_000), 1_000, 0, 2_000, 1_000, 1_000])).toBe(false);
  expect(grew(10, [0, ...Array(9).fill(1_000)])).toBe(false);
  expect(grew(10, [...Array(7).fill(1_000), 0, 0, 0])).toBe(true);
});

test('what is due follows the steps', () => {
  const steps = [
    { messagesPerSecond: 100, seconds: 3 },
    { messagesPerSecond: 1_000, seconds: 3 },
  ];
  expect(backlogGrowth(steps, [100, 100, 100, 1_000, 1_000, 1_000])).toMatchObject({
    perSecond: 0,
    atEnd: 0,
  });
  expect(backlogGrowth(steps, Array(6).fill(100))).toMatchObject({ atEnd: 2_700 });
});

test('less than two seconds say nothing', () => {
  expect(backlogGrowth([{ messagesPerSecond: rate, seconds: 1.9 }], [1_000])).toBeNull();
});
