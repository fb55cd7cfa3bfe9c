import type { Workload } from '../../src/contracts/input/workload.ts';
import { zipfRanks } from './zipf.ts';

/** Chooses the key of the next message; null for none. */
export type KeyChooser = () => Buffer | null;

/** Keys kept ready-made; beyond that, making one costs less than the memory of all. */
const cachedKeys = 100_000;

/**
 * Keys by the workload's distribution, drawn independently for each message. Keys are numbered from 0; of a Zipf
 * distribution, 0 is the most frequent.
 * @param random uniform in [0, 1)
 */
export function keyChooser(keys: Workload['keys'], random: () => number = Math.random): KeyChooser {
  switch (keys.distribution) {
    case 'none':
      return () => null;
    case 'uniform':
      return keysOf(keys.cardinality, () => Math.floor(random() * keys.cardinality));
    case 'zipf': {
      const nextRank = zipfRanks(keys.cardinality, keys.exponent, random);
      return keysOf(keys.cardinality, () => nextRank() - 1);
    }
    default:
      throw new Error(`unknown key distribution ${JSON.stringify(keys satisfies never)}`);
  }
}

function keysOf(cardinality: number, next: () => number): KeyChooser {
  const ready = new Array<Buffer | undefined>(Math.min(cardinality, cachedKeys));
  return () => {
    const key = next();
    if (key >= cachedKeys) return keyBytes(key);
    ready[key] ??= keyBytes(key);
    return ready[key] as Buffer;
  };
}

function keyBytes(key: number): Buffer {
  return Buffer.from(`key-${key}`);
}
