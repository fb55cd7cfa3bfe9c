import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nextWait, paceOf, rateAt } from '../../../loadgen/measure/pacer.ts';

interface ConstantRate {
  messagesPerSecond: number;
  durationSeconds: number;
  producers: number;
  producer: number;
}

const constantPace = ({ messagesPerSecond, durationSeconds, producers, producer }: ConstantRate) =>
  paceOf({ steps: [{ messagesPerSecond, seconds: durationSeconds }], producers, producer });

describe('a constant pace', () => {
  test.each([
    { rate: 1_000, seconds: 2, producers: 1, totals: [2_000], why: 'a whole rate' },
    {
      rate: 1_000,
      seconds: 1,
      producers: 3,
      totals: [334, 333, 333],
      why: 'a rate that three cannot share evenly',
    },
    {
      rate: 0.5,
      seconds: 1,
      producers: 1,
      totals: [1],
      why: 'less than one message: the first is due at once',
    },
    { rate: 0.5, seconds: 4, producers: 1, totals: [2], why: 'one message every two seconds' },
    { rate: 0.1, seconds: 30, producers: 1, totals: [3], why: 'a fraction that binary numbers cannot hold' },
    { rate: 3, seconds: 1, producers: 5, totals: [1, 1, 1, 0, 0], why: 'fewer messages than producers' },
    { rate: 500_000, seconds: 60, producers: 1, totals: [30_000_000], why: 'a high rate' },
  ])(
    'schedules exactly $totals messages for $rate/s over $seconds s: $why',
    ({ rate, seconds, producers, totals }) => {
      const paces = totals.map((_, producer) =>
        constantPace({ messagesPerSecond: rate, durationSeconds: seconds, producers, producer }),
      );
      expect(paces.map((pace) => pace.total)).toEqual(totals);
    },
  );

  test.each([
    { elapsedMs: -1, due: 0 },
    { elapsedMs: 0, due: 1 },
    { elapsedMs: 0.999, due: 1 },
    { elapsedMs: 1, due: 2 },
    { elapsedMs: 999, due: 1_000 },
    { elapsedMs: 1e9, due: 1_000 },
  ])('at 1,000/s for 1 s, $due are due after $elapsedMs ms', ({ elapsedMs, due }) => {
    const pace = constantPace({ messagesPerSecond: 1_000, durationSeconds: 1, producers: 1, producer: 0 });
    expect(pace.dueBy(elapsedMs * 1_000)).toBe(due);
  });

  test('interleaves its producers', () => {
    const paces = [0, 1].map((producer) =>
      constantPace({ messagesPerSecond: 1_000, durationSeconds: 1, producers: 2, producer }),
    );
    expect(paces.map((pace) => pace.intendedMicros(0))).toEqual([0, 1_000]);
    expect(paces.map((pace) => pace.intendedMicros(1))).toEqual([2_000, 3_000]);
  });

  const loads = fc.record({
    messagesPerSecond: fc.double({ min: 0.01, max: 1e6, noNaN: true }),
    durationSeconds: fc.double({ min: 1, max: 3_600, noNaN: true }),
    producers: fc.integer({ min: 1, max: 64 }),
  });

  test('shares every load without a message more or less', () => {
    fc.assert(
      fc.property(loads, (load) => {
        let total = 0;
        for (let producer = 0; producer < load.producers; producer++)
          total += constantPace({ ...load, producer }).total;
        expect(total).toBe(constantPace({ ...load, producers: 1, producer: 0 }).total);
      }),
    );
  });

  test('counts a message as due exactly from its intended time on', () => {
    fc.assert(
      fc.property(loads, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (load, position) => {
        const pace = constantPace({ ...load, producer: load.producers - 1 });
        if (pace.total === 0) return;
        const sequence = Math.floor(position * pace.total);
        const intended = pace.intendedMicros(sequence);
        expect(intended).toBeLessThan(load.durationSeconds * 1e6);
        expect(pace.dueBy(intended)).toBeGreaterThanOrEqual(sequence + 1);
        expect(pace.dueBy(intended * (1 - 1e-9) - 1e-3)).toBeLessThanOrEqual(sequence);
      }),
    );
  });

  test('never goes back', () => {
    fc.assert(
      fc.property(
        loads,
        fc.double({ min: 0, max: 4e9, noNaN: true }),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        (load, at, later) => {
          const pace = constantPace({ ...load, producer: 0 });
          expect(pace.dueBy(at + later)).toBeGreaterThanOrEqual(pace.dueBy(at));
        },
      ),
    );
  });
});

describe('steps', () => {
  const step = (messagesPerSecond: number, seconds: number) => ({ messagesPerSecond, seconds });
  const climb = [step(2, 1), step(0, 1), step(4, 0.5), step(1, 1)];

  test('follow one another, with a pause where the rate is 0', () => {
    const pace = paceOf({ steps: climb, producers: 1, producer: 0 });
    expect(pace.total).toBe(5);
    const intendedMs = Array.from({ length: 5 }, (_, sequence) => pace.intendedMicros(sequence) / 1_000);
    expect(intendedMs).toEqual([0, 500, 2_000, 2_250, 2_500]);
  });

  test.each([
    [-1, 0],
    [499, 1],
    [500, 2],
    [1_500, 2],
    [2_000, 3],
    [2_499, 4],
    [2_500, 5],
    [9_999, 5],
  ])('at %d ms, %d are due', (elapsedMs, due) => {
    const pace = paceOf({ steps: climb, producers: 1, producer: 0 });
    expect(pace.dueBy(elapsedMs * 1_000)).toBe(due);
  });

  test('may begin or end with a pause, and may have messages for some producers only', () => {
    const pace = paceOf({ steps: [step(0, 1), step(1, 1), step(0, 1)], producers: 2, producer: 0 });
    expect([pace.total, pace.intendedMicros(0), pace.dueBy(999_999), pace.dueBy(1e6)]).toEqual([
      1, 1e6, 0, 1,
    ]);
    expect(paceOf({ steps: [step(0, 1), step(1, 1)], producers: 2, producer: 1 }).total).toBe(0);
  });

  const schedules = fc.record({
    steps: fc.array(
      fc.record({
        messagesPerSecond: fc.oneof(fc.constant(0), fc.double({ min: 1, max: 500_000, noNaN: true })),
        seconds: fc.double({ min: 0.1, max: 100, noNaN: true }),
      }),
      { minLength: 1, maxLength: 8 },
    ),
    producers: fc.integer({ min: 1, max: 16 }),
  });

  test('share every schedule without a message more or less, each in its own step', () => {
    fc.assert(
      fc.property(
        schedules,
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        (schedule, position) => {
          const alone = paceOf({ ...schedule, producers: 1, producer: 0 });
          let total = 0;
          for (let producer = 0; producer < schedule.producers; producer++)
            total += paceOf({ ...schedule, producer }).total;
          expect(total).toBe(alone.total);
          if (total === 0) return;
          const sequence = Math.floor(position * total);
          const intended = alone.intendedMicros(sequence);
          expect(rateAt(schedule.steps, (intended + 1e-3) / 1e6)).not.toBe(0);
          expect(alone.dueBy(intended)).toBeGreaterThanOrEqual(sequence + 1);
          expect(alone.dueBy(intended * (1 - 1e-9) - 1e-3)).toBeLessThanOrEqual(sequence);
        },
      ),
    );
  });
});

describe('the next wait', () => {
  const pace = constantPace({ messagesPerSecond: 1_000, durationSeconds: 1, producers: 1, producer: 0 });

  test.each([
    { elapsedMicros: 0, handed: 0, wait: { waitMicros: 0, done: false }, when: 'the first is due' },
    { elapsedMicros: 0, handed: 1, wait: { waitMicros: 1_000, done: false }, when: 'the second is not' },
    { elapsedMicros: 5_250, handed: 6, wait: { waitMicros: 750, done: false }, when: 'in time' },
    { elapsedMicros: 500_000, handed: 10, wait: { waitMicros: 0, done: false }, when: 'late' },
    {
      elapsedMicros: 999_000,
      handed: 1_000,
      wait: { waitMicros: 0, done: true },
      when: 'all are handed over',
    },
  ])('is $wait when $when', ({ elapsedMicros, handed, wait }) => {
    expect(nextWait(pace, elapsedMicros, handed)).toEqual(wait);
  });
});
