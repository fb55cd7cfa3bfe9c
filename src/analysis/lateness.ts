import type { LiveStats } from '../contracts/documents/progress.ts';

/** Timers count whole milliseconds, so that up to one is late on an idle machine; twice that has another cause. */
const leastLateMs = 2;
/** What the generator adds to the latencies spoils them from this share on. */
const spoilingShare = 0.1;

/** From which delay on the generator spoils a latency of so many ms. */
export function spoilingFrom(latencyMs: number): number {
  return Math.max(leastLateMs, spoilingShare * latencyMs);
}

/** Whether a bound that a latency missed may have been missed for no more than the generator's delay. */
export function explainsMiss(lateMs: number, latencyMs: number, atMostMs: number): boolean {
  return lateMs >= spoilingShare * latencyMs && lateMs >= latencyMs - atMostMs;
}

/** Whether the load generator, in the last second, was late by enough to show in what it measures. */
export function isLateNow({
  ownLatenessP99Ms,
  endToEndP99Ms,
  publishScheduledP99Ms,
}: Pick<LiveStats, 'ownLatenessP99Ms' | 'endToEndP99Ms' | 'publishScheduledP99Ms'>): boolean {
  if (ownLatenessP99Ms === null) return false;
  return ownLatenessP99Ms > spoilingFrom(endToEndP99Ms ?? publishScheduledP99Ms ?? 0);
}
