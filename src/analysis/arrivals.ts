import type { LoadPart } from '../contracts/documents/load-parts.ts';
import type { ArrivalSecond, Stretch } from './backlog.ts';
import { secondsOf } from './timeseries.ts';

/** Where a message comes through: confirmed to its producer, or handed to a consumer. */
export type Side = 'produced' | 'consumed';

/** What came through in each second of the schedule and after it, at all load generators together. */
export function arrivalsOf(parts: readonly LoadPart[], side: Side): ArrivalSecond[] {
  const seconds = secondsOf(parts);
  if (side === 'produced') {
    return seconds.map(({ produced }) => ({ received: produced, secondsLeft: null }));
  }
  const arrived = seconds.map(() => ({ received: 0, secondsLeft: 0 }));
  for (const part of parts) {
    if (part.kind !== 'consume') continue;
    for (const { second, received, secondsLeft } of part.series) {
      const entry = arrived[second - 1];
      if (!entry) continue;
      entry.received += received;
      entry.secondsLeft += secondsLeft ?? received / 2;
    }
  }
  return arrived;
}

/**
 * What a message takes when nothing waits, in seconds: the median of the quickest second, of those in a stretch where one
 * is given; 0 where none came through.
 */
export function usualDelaySeconds(parts: readonly LoadPart[], side: Side, stretch?: Stretch): number {
  const { from = 0, until = Number.POSITIVE_INFINITY } = stretch ?? {};
  const medians = secondsOf(parts).flatMap(({ second, publishScheduledP50Ms, endToEndP50Ms }) => {
    if (second <= from || second > until) return [];
    return (side === 'produced' ? publishScheduledP50Ms : endToEndP50Ms) ?? [];
  });
  return medians.length > 0 ? Math.min(...medians) / 1_000 : 0;
}
