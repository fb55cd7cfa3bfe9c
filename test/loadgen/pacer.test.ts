import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { constantPace, nextWait } from '../../loadgen/measure/pacer.ts';

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
