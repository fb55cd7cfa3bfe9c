/**
 * Running sums of one thread, for watching while it works: one writer, read by other threads at any time. A count of
 * 2^53 fits, and aligned 64-bit writes are not torn.
 */
export const counterNames = [
  /** Messages handed to the client. */
  'handed',
  'acknowledged',
  'failed',
  'indeterminate',
  /** Messages whose refusal was retried. */
  'throttled',
  /** Messages that are sent again though the product may have taken them. */
  'doubted',
  /** First copies that arrived. */
  'received',
  'duplicated',
  'reordered',
  'unexpected',
  /** Of rounds before this one, or of sessions before this session. */
  'leftover',
] as const;
export type CounterName = (typeof counterNames)[number];
export type Counters = Record<CounterName, number>;

/** Memory for one thread's counters in one round of a session. */
export function allocateCounters(): SharedArrayBuffer {
  return new SharedArrayBuffer(counterNames.length * 8);
}

/** Index of each counter in the memory. */
export const counterIndex = Object.fromEntries(counterNames.map((name, index) => [name, index])) as Record<
  CounterName,
  number
>;

/** The sums over several threads, as of now. */
export function sumCounters(memories: readonly SharedArrayBuffer[]): Counters {
  const sums = Object.fromEntries(counterNames.map((name) => [name, 0])) as Counters;
  for (const memory of memories) {
    const values = new Float64Array(memory);
    for (const name of counterNames) sums[name] += values[counterIndex[name]] ?? 0;
  }
  return sums;
}

/** Messages that a client still holds, though nobody waits for them any more: it may yet send them. */
export function unsettledIn({ handed, acknowledged, failed, indeterminate }: Counters): number {
  return Math.max(0, handed - acknowledged - failed - indeterminate);
}
