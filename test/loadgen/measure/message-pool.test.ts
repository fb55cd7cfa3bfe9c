import { describe, expect, test } from '@jest/globals';
import * as header from '../../../loadgen/measure/header.ts';
import { MessagePool } from '../../../loadgen/measure/message-pool.ts';

describe('the message pool', () => {
  const origin = { session: 7, round: 1, producer: 2 };

  test('is bounded in bytes and lends again what came back', () => {
    const pool = new MessagePool(1_000, 3_500);
    const taken = [0, 1, 2].map((sequence) => pool.take(origin, sequence, 10));
    expect(taken).not.toContain(null);
    expect(pool.take(origin, 3, 10)).toBeNull();
    pool.giveBack(taken[1] as NonNullable<(typeof taken)[number]>);
    const again = pool.take({ ...origin, round: 2 }, 3, 11);
    expect(again?.value && header.readRound(again.value)).toBe(2);
    expect(again?.value && header.readSequence(again.value)).toBe(3);
    expect(pool.take(origin, 4, 12)).toBeNull();
  });

  test('fills messages with bytes that do not repeat', () => {
    const pool = new MessagePool(1_024, 1024 * 1024);
    const bodies = [0, 1].map((sequence) =>
      pool.take(origin, sequence, 0)?.value.subarray(header.headerBytes).toString('hex'),
    );
    expect(bodies[0]).not.toBe(bodies[1]);
  });

  test('lends one message however large it is', () => {
    expect(new MessagePool(1_000_000, 1_000).take(origin, 0, 0)).not.toBeNull();
  });
});
