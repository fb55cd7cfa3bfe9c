import type { Workload } from '../../src/contracts/experiment.ts';

/** Chooses the key of the next message; null for none. */
export type KeyChooser = () => Buffer | null;

/** Keys kept ready-made; beyond that, making one costs less than the memory of all. */
const cachedKeys = 100_000;

/**
 * Keys by the workload's distribution, drawn independently for each message.
 * @param random uniform in [0, 1)
 */
export function keyChooser(keys: Workload['keys'], random: () => number = Math.random): KeyChooser {
  switch (keys.distribution) {
    case 'none':
      return () => null;
    case 'uniform': {
      const { cardinality } = keys;
      const ready = new Array<Buffer | undefined>(Math.min(cardinality, cachedKeys));
      return () => {
        const key = Math.floor(random() * cardinality);
        if (key >= cachedKeys) return keyBytes(key);
        ready[key] ??= keyBytes(key);
        return ready[key] as Buffer;
      };
    }
    default:
      throw new Error(`unknown key distribution ${JSON.stringify(keys satisfies never)}`);
  }
}

function keyBytes(key: number): Buffer {
  return Buffer.from(`key-${key}`);
}
