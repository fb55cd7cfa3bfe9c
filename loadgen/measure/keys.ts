import type { Workload } from '../../src/contracts/input/workload.ts';
import { zipfRanks } from './zipf.ts';

/** Chooses the key of the next message; null for none. */
export type KeyChooser = () => Buffer | null;

/** Keys kept ready-made; beyond that, making one costs less than the memory of all. */
const cachedKeys = 100_000;

/**
 * Numbers in [0, 1), of 53 random bits each: the same ones for the same seed, so that every repetition sends the same keys.
 * Small Fast Counter, of three words and a counter, by C. Doty-Humphrey (PractRand).
 */
export function seededNumbers(seed: number): () => number {
  let [a, b, c, counter] = [0, seed | 0, 0x9e3779b9 | 0, 1];
  const nextBits = () => {
    const bits = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + bits) | 0;
    return bits >>> 0;
  };
  // The first ones still show the seed.
  for (let round = 0; round < 12; round++) nextBits();
  return () => (nextBits() * 2 ** 21 + (nextBits() >>> 11)) / 2 ** 53;
}

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
