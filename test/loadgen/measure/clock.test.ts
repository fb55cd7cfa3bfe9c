import { describe, expect, test } from '@jest/globals';
import { epochMsToMonotonicMicros, monotonicMicros } from '../../../loadgen/measure/clock.ts';

describe('the clock', () => {
  test('is the monotonic clock of the host', () => {
    const before = Number(process.hrtime.bigint()) / 1_000;
    const now = monotonicMicros();
    const after = Number(process.hrtime.bigint()) / 1_000;
    expect(now).toBeGreaterThan(before - 50);
    expect(now).toBeLessThan(after + 50);
  });

  test('maps wall-clock times', () => {
    expect(Math.abs(epochMsToMonotonicMicros(Date.now() + 1_000) - monotonicMicros() - 1e6)).toBeLessThan(
      5_000,
    );
  });
});
