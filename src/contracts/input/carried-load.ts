import type { CarriedLoad } from '../../technologies/card.ts';
import {
  highestRateAsked,
  longestWarmupSeconds,
  measuredSchedule,
  searchOf,
  warmupMessagesPerSecond,
} from './load/schedule.ts';
import type { Workload } from './workload.ts';

/** A workload as far as the limits of technologies depend on it; one that release 0.1.0 accepted may say less. */
export function carriedLoad(workload: Workload): CarriedLoad {
  const { messageSizeBytes, producers, consumers } = workload;
  const keys = workload.keys ?? { distribution: 'none' };
  const payload = workload.payload ?? { content: 'random' };
  return {
    messageSizeBytes,
    keyBytes: keys.distribution === 'none' ? null : longestKeyBytes(keys.cardinality),
    hottestKeyShare: hottestKeyShare(keys),
    compressionRatio: payload.content === 'compressible' ? payload.compressionRatio : 1,
    messagesPerSecond: highestRateAsked(workload),
    mostMessagesPerSecond: searchOf(workload.load)?.maxMessagesPerSecond ?? highestRateAsked(workload) ?? 0,
    mostMessages: messagesAtMost(workload),
    seconds: measuredSchedule(workload).reduce(
      (total, { seconds }) => total + seconds,
      longestWarmupSeconds(workload),
    ),
    producers,
    consumers,
  };
}

/** A search deletes what it sent at one rate before it tries the next, and its warm-up may leave as much. */
function messagesAtMost(workload: Workload): number {
  const { load, durationSeconds } = workload;
  const warmupSeconds = longestWarmupSeconds(workload);
  const search = searchOf(load);
  if (search) {
    const longestSeconds = Math.max(search.probeSeconds, durationSeconds);
    return search.maxMessagesPerSecond * (longestSeconds + warmupSeconds);
  }
  return measuredSchedule(workload).reduce(
    (total, { messagesPerSecond, seconds }) => total + messagesPerSecond * seconds,
    warmupMessagesPerSecond(workload) * warmupSeconds,
  );
}

/** Keys are `key-0`, `key-1`, … */
function longestKeyBytes(cardinality: number): number {
  return `key-${cardinality - 1}`.length;
}

/** Share of the messages that have the most frequent key; 0 without keys. */
function hottestKeyShare(keys: Workload['keys']): number {
  switch (keys.distribution) {
    case 'none':
      return 0;
    case 'uniform':
      return 1 / keys.cardinality;
    case 'zipf':
      return 1 / zipfSum(keys.cardinality, keys.exponent);
  }
}

/** Terms that are added up one by one; the rest is close to its integral. */
const exactTerms = 1_000;

/** The sum of k^−exponent for k from 1 to `count`. */
function zipfSum(count: number, exponent: number): number {
  let sum = 0;
  const exact = Math.min(count, exactTerms);
  for (let k = 1; k <= exact; k++) sum += k ** -exponent;
  if (count <= exact) return sum;
  const power = 1 - exponent;
  const integral = (x: number) => (Math.abs(power) < 1e-9 ? Math.log(x) : x ** power / power);
  return sum + integral(count + 0.5) - integral(exact + 0.5);
}
