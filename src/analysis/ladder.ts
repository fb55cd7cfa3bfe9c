import type { LadderRung } from '../contracts/documents/result.ts';

/** A latency beyond so many times the least of a ladder is beyond the knee. */
const kneeTimes = 3;

/**
 * The rung before latency begins to rise steeply: the highest that was sustained with an end-to-end p99 of at most three
 * times the lowest of all.
 * @returns index; null where no rung was sustained, or none has a p99
 */
export function kneeOf(ladder: readonly LadderRung[]): number | null {
  const p99s = ladder.flatMap(({ latency, sustained }) => (sustained ? (latency?.endToEnd.p99Ms ?? []) : []));
  if (p99s.length === 0) return null;
  const most = kneeTimes * Math.min(...p99s);
  const below = ladder.flatMap(({ latency, sustained, messagesPerSecond }, index) => {
    const p99Ms = latency?.endToEnd.p99Ms ?? null;
    return sustained && p99Ms !== null && p99Ms <= most ? [{ index, messagesPerSecond }] : [];
  });
  return below.sort((a, b) => b.messagesPerSecond - a.messagesPerSecond)[0]?.index ?? null;
}
