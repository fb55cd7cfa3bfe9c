import { describe, expect, it } from '@jest/globals';
import { findFreePorts, portOrder } from '../../src/machine/free-port.ts';

describe('ports', () => {
  it.each([0, 6_000, 11_999, 4_000_000_007])(
    'are tried once each, below the ephemeral range, from %d on',
    (start) => {
      const order = portOrder(start);
      expect(order[0]).toBe(20_000 + (start % 12_000));
      expect(new Set(order).size).toBe(12_000);
      expect(Math.min(...order)).toBe(20_000);
      expect(Math.max(...order)).toBe(31_999);
    },
  );

  it('are free and different', async () => {
    expect(new Set(await findFreePorts(6)).size).toBe(6);
  });
});
